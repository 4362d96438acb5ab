package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cuda.ProductContest.Contender;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.SpatialWindow.AutoPad;
import dev.octet.runtime.DeviceChoice;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Integer products on Hopper's warpgroup instruction: the same bits as the oracle and the other kernels. */
@Tag("cuda")
class WarpgroupProductCudaTest {
    private static final int HOPPER = 90;
    private static final long SEED = 64_032;
    private static final String STEM = "octet_igmma64x";

    private final Optional<String> before = Optional.ofNullable(System.getProperty(ProductMode.PROPERTY));

    @BeforeEach
    void chooseWarpgroups() {
        System.setProperty(ProductMode.PROPERTY, "wgmma");
    }

    @AfterEach
    void chooseAsBefore() {
        before.ifPresentOrElse(
                mode -> System.setProperty(ProductMode.PROPERTY, mode),
                () -> System.clearProperty(ProductMode.PROPERTY));
    }

    private static float[] multipliers(int columns) {
        float[] multipliers = new float[columns];
        for (int i = 0; i < columns; i++) {
            multipliers[i] = 0.0004f + 0.0003f * (i % 11);
        }
        return multipliers;
    }

    private static Epilogue toInt8(DType type, int columns) {
        int low = type == DType.U8 ? 0 : -128;
        return new Epilogue.ToInt8(type, multipliers(columns), low + 91, low + 3, low + 240, Optional.empty());
    }

    private static Tensor bias(int columns) {
        return TestTensors.uniform(DType.S32, Shape.of(columns), 20_000, SEED + 2);
    }

    private static Tensor bytes(DType type, long seed, long... dims) {
        return TestTensors.integers(type, Shape.of(dims), SEED + seed);
    }

    private static void requireKernel(String name, CudaOracle oracle, List<Optional<Tensor>> inputs) {
        Simulator.atCapability(HOPPER, () -> {
            assertThat(oracle.kernel(inputs).orElseThrow()).startsWith(name);
            oracle.exact(inputs);
        });
    }

    private static void requireMatMul(String name, Tensor a, int columns, Epilogue epilogue) {
        int depth = (int) a.shape().dim(-1);
        CudaOracle oracle = CudaOracle.of(new QMatMul(a.dtype() == DType.U8 ? 117 : -3, 0, epilogue))
                .constants(1, 2);

        requireKernel(name, oracle, CudaOracle.present(a, bytes(DType.S8, 1, depth, columns), bias(columns)));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "3, 15, 17",
        "17, 33, 15",
        "63, 64, 127",
        "64, 65, 64",
        "65, 127, 129",
        "129, 300, 3",
        "1, 640, 257",
        "70, 2, 70",
        "66, 72, 24",
        "5, 100, 20"
    })
    void matMul_oddSizes_equalsTheOracle(int rows, int depth, int columns) {
        requireMatMul(STEM, bytes(DType.U8, 0, rows, depth), columns, toInt8(DType.U8, columns));
        requireMatMul(STEM, bytes(DType.S8, 0, rows, depth), columns, toInt8(DType.S8, columns));
        requireMatMul(
                STEM, bytes(DType.U8, 0, rows, depth), columns, new Epilogue.ToFloat(multipliers(columns), -3, 6));
    }

    @ParameterizedTest
    @CsvSource({
        "WIDE, 300, 16, 133",
        "WIDE, 129, 400, 257",
        "LARGE, 200, 16, 65",
        "LARGE, 257, 464, 255",
        "SMALL, 100, 15, 133",
        "SMALL, 130, 448, 64"
    })
    void matMul_everyTile_equalsTheOracle(WarpgroupTile tile, int rows, int depth, int columns) {
        for (DType type : new DType[] {DType.U8, DType.S8}) {
            List<Optional<Tensor>> inputs =
                    CudaOracle.present(bytes(type, 0, rows, depth), bytes(DType.S8, 1, depth, columns), bias(columns));
            for (Epilogue epilogue : List.of(toInt8(type, columns), new Epilogue.ToFloat(multipliers(columns), 0, 6))) {
                Simulator.atCapability(
                        HOPPER,
                        () -> CudaOracle.of(new QMatMul(55, 0, epilogue))
                                .constants(1, 2)
                                .through(WarpgroupStep.row(tile))
                                .exact(inputs));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "512, 133, 64, 4, WIDE",
        "512, 133, 64, 5, LARGE",
        "512, 128, 64, 4, LARGE",
        "512, 256, 72, 4, SMALL",
        "512, 64, 64, 4, SMALL",
        "70000, 1000, 64, 132, WIDE",
        "1, 1, 16, 132, SMALL"
    })
    void best_sizes_fillTheDevice(long rows, int columns, int depth, int multiprocessors, WarpgroupTile tile) {
        QProduct product = new QProduct(
                rows, WeightOrder.ofMatrix(depth, columns), new QProduct.Operand(DType.U8, 0), toInt8(DType.U8, 1));

        assertThat(WarpgroupTile.best(product, multiprocessors)).isEqualTo(tile);
    }

    @ParameterizedTest
    @CsvSource({"9, 32, 12, S8, -7", "130, 80, 70, U8, 200", "513, 32, 256, S8, 3"})
    void matMul_residual_equalsTheOracle(int rows, int depth, int columns, DType type, int zero) {
        Epilogue.Residual residual = new Epilogue.Residual(type, 0.37f, zero);
        Epilogue epilogue = new Epilogue.ToInt8(DType.S8, multipliers(columns), -4, -90, 100, Optional.of(residual));
        CudaOracle oracle = CudaOracle.of(new QMatMul(9, 0, epilogue)).constants(1, 2);

        requireKernel(
                STEM,
                oracle,
                CudaOracle.present(
                        bytes(DType.U8, 0, rows, depth),
                        bytes(DType.S8, 1, depth, columns),
                        bias(columns),
                        bytes(type, 3, rows, columns)));
    }

    @Test
    void matMul_leadingAxesNoBias_equalsTheOracle() {
        CudaOracle oracle =
                CudaOracle.of(new QMatMul(11, 0, toInt8(DType.S8, 10))).constants(1);

        requireKernel(STEM, oracle, CudaOracle.present(bytes(DType.U8, 0, 2, 3, 5, 24), bytes(DType.S8, 1, 24, 10)));
    }

    @ParameterizedTest
    @ValueSource(ints = {127, -128})
    void matMul_nearlyOverflowing_equalsTheOracle(int weight) {
        int depth = 65_000;
        Tensor a = Tensor.allocate(DType.U8, Shape.of(2, depth));
        a.data().fill((byte) 255);
        Tensor b = Tensor.allocate(DType.S8, Shape.of(depth, 1));
        b.data().fill((byte) weight);
        CudaOracle oracle = CudaOracle.of(new QMatMul(0, 0, new Epilogue.ToFloat(new float[] {1}, -3e38f, 3e38f)))
                .constants(1);

        requireKernel(STEM, oracle, CudaOracle.present(a, b));
    }

    @Test
    void conv_onePixel_equalsTheOracle() {
        long[] ones = {1, 1};
        SpatialWindow window = new SpatialWindow(ones, ones, ones, new long[4], AutoPad.NOTSET);
        QConv op = new QConv(window, 1, 3, Layout.CHANNELS_LAST, toInt8(DType.U8, 20));

        requireKernel(
                STEM,
                CudaOracle.of(op).constants(1, 2),
                CudaOracle.present(bytes(DType.U8, 0, 2, 5, 7, 24), bytes(DType.S8, 1, 20, 24, 1, 1), bias(20)));
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 80, 89, 100, 120})
    void otherDevices_keepTheOwnKernel(int capability) {
        CudaOracle oracle =
                CudaOracle.of(new QMatMul(0, 0, toInt8(DType.S8, 12))).constants(1);
        List<Optional<Tensor>> inputs = CudaOracle.present(bytes(DType.S8, 0, 4, 16), bytes(DType.S8, 1, 16, 12));

        Simulator.atCapability(capability, () -> {
            assertThat(oracle.kernel(inputs).orElseThrow()).doesNotStartWith(STEM);
            oracle.exact(inputs);
        });
    }

    private static ProductContest.Result contest(Function<KernelSpec, List<Contender>> others) {
        CudaOracle oracle =
                CudaOracle.of(new QMatMul(9, 0, toInt8(DType.S8, 80))).constants(1);
        List<Optional<Tensor>> inputs = CudaOracle.present(bytes(DType.U8, 0, 70, 48), bytes(DType.S8, 1, 48, 80));
        List<ProductContest.Result> results = new ArrayList<>();
        Simulator.atCapability(HOPPER, () -> {
            try (CudaDevice device = new CudaDevice(0, CudaImage.OF_THIS_BUILD::bytes);
                    Arena arena = Arena.ofShared()) {
                KernelSpec spec = oracle.spec(inputs, arena);
                results.add(new ProductContest(device).run(spec, QMatMulCuda.ROW, scratch -> {
                    List<Contender> contenders =
                            new ArrayList<>(ProductRows.contenders(device, Optional.empty(), scratch));
                    contenders.addAll(others.apply(scratch));
                    return contenders;
                }));
            }
        });
        return results.getFirst();
    }

    @Test
    void contest_allTiles_computeTheSame() {
        ProductContest.Result result = contest(_ -> List.of());

        assertThat(result.compared()).isEqualTo(WarpgroupTile.values().length);
        assertThat(result.differing()).isEmpty();
    }

    @Test
    void contest_otherNumbers_areRefused() {
        CudaStep writesNothing = (_, _) -> {};
        ProductCache.Choice broken = new ProductCache.Choice.Library("00");

        ProductContest.Result result = contest(_ -> List.of(new Contender(broken, "a broken kernel", writesNothing)));

        assertThat(result.differing()).containsExactly("a broken kernel");
        assertThat(result.fastest()).isNotEqualTo(broken);
    }

    @Test
    void session_runsRecordedTwice_equalTheCpu() {
        Graph graph = new Graph(
                "product",
                List.of(ValueInfo.of("x", DType.U8, 70, 40)),
                List.of(ValueInfo.of("y", DType.S8, 70, 90)),
                List.of(new Node("product", new QMatMul(77, 0, toInt8(DType.S8, 90)), List.of("x", "w"), List.of("y"))),
                Map.of("w", bytes(DType.S8, 1, 40, 90)));

        Simulator.atCapability(HOPPER, () -> {
            try (Session cpu = Session.open(graph, SessionOptions.defaults().withDevice(DeviceChoice.CPU));
                    Session cuda =
                            Session.open(graph, SessionOptions.defaults().withDevice(new DeviceChoice.Cuda(0)))) {
                assertThat(cuda.plan(Map.of("x", Shape.of(70, 40))).steps())
                        .singleElement()
                        .satisfies(step -> assertThat(step.kernel()).startsWith(STEM));
                for (long seed = SEED; seed < SEED + 3; seed++) {
                    Map<String, Tensor> inputs = Map.of("x", TestTensors.integers(DType.U8, Shape.of(70, 40), seed));

                    Tensor expected = cpu.run(inputs).get("y");
                    Tensor actual = cuda.run(inputs).get("y");

                    assertThat(actual.contentEquals(expected))
                            .as("seed %d", seed)
                            .isTrue();
                }
            }
        });
    }
}
