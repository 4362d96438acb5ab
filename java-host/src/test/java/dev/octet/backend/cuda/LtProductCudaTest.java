package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtSearch;
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
import dev.octet.tensor.BackendException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Integer products on cuBLASLt with the epilogue in one kernel: the same bits as the oracle and the own kernels. */
@Tag("cuda")
class LtProductCudaTest {
    private static final long SEED = 90_001;
    private static final String LIBRARY = "cublasLtMatmul";

    private Optional<String> before = Optional.empty();

    @BeforeEach
    void chooseLibrary() {
        CudaTests.requireDevice();
        LtSearch search = LtSearch.run();
        Assumptions.assumeTrue(search.library().isPresent(), search.detail());
        before = Optional.ofNullable(System.getProperty(ProductMode.PROPERTY));
        choose("cublaslt");
    }

    @AfterEach
    void chooseAsBefore() {
        before.ifPresentOrElse(LtProductCudaTest::choose, () -> System.clearProperty(ProductMode.PROPERTY));
    }

    private static void choose(String mode) {
        System.setProperty(ProductMode.PROPERTY, mode);
    }

    private static float[] multipliers(int columns) {
        float[] multipliers = new float[columns];
        for (int i = 0; i < columns; i++) {
            multipliers[i] = 0.0007f + 0.0003f * (i % 7);
        }
        return multipliers;
    }

    private static Epilogue toInt8(DType type, int columns) {
        int low = type == DType.U8 ? 0 : -128;
        return new Epilogue.ToInt8(type, multipliers(columns), low + 9, low, low + 255, Optional.empty());
    }

    private static Tensor bias(int columns) {
        return TestTensors.integers(DType.S32, Shape.of(columns), SEED + 2);
    }

    private static void requireBoth(CudaOracle oracle, List<Optional<Tensor>> inputs) {
        assertThat(oracle.kernel(inputs).orElseThrow()).startsWith(LIBRARY);
        oracle.exact(inputs);

        choose("own");
        assertThat(oracle.kernel(inputs).orElseThrow()).doesNotContain(LIBRARY);
        oracle.exact(inputs);
    }

    @ParameterizedTest
    @CsvSource({
        "S8, 0, S8, 64, 32, 48",
        "S8, -3, U8, 5, 13, 50",
        "U8, 128, S8, 33, 17, 64",
        "U8, 7, U8, 1, 1, 1",
        "U8, 255, S8, 16, 16, 127"
    })
    void matMul_anyTypesAndSizes_equalsTheOracle(DType x, int zero, DType y, int rows, int columns, int depth) {
        Tensor a = TestTensors.integers(x, Shape.of(rows, depth), SEED);
        Tensor b = TestTensors.integers(DType.S8, Shape.of(depth, columns), SEED + 1);
        CudaOracle oracle =
                CudaOracle.of(new QMatMul(zero, 0, toInt8(y, columns))).constants(1, 2);

        requireBoth(oracle, CudaOracle.present(a, b, bias(columns)));
    }

    @Test
    void matMul_leadingAxesNoBias_equalsTheOracle() {
        Tensor a = TestTensors.integers(DType.U8, Shape.of(2, 3, 5, 24), SEED);
        Tensor b = TestTensors.integers(DType.S8, Shape.of(24, 10), SEED + 1);
        CudaOracle oracle =
                CudaOracle.of(new QMatMul(11, 0, toInt8(DType.S8, 10))).constants(1);

        requireBoth(oracle, CudaOracle.present(a, b));
    }

    @ParameterizedTest
    @CsvSource({"S8, -7", "U8, 200"})
    void matMul_residual_equalsTheOracle(DType residualType, int residualZero) {
        Epilogue.Residual residual = new Epilogue.Residual(residualType, 0.37f, residualZero);
        Epilogue epilogue = new Epilogue.ToInt8(DType.S8, multipliers(12), -4, -4, 90, Optional.of(residual));
        Tensor a = TestTensors.integers(DType.S8, Shape.of(9, 32), SEED);
        Tensor b = TestTensors.integers(DType.S8, Shape.of(32, 12), SEED + 1);
        Tensor r = TestTensors.integers(residualType, Shape.of(9, 12), SEED + 3);
        CudaOracle oracle = CudaOracle.of(new QMatMul(0, 0, epilogue)).constants(1, 2);

        requireBoth(oracle, CudaOracle.present(a, b, bias(12), r));
    }

    @Test
    void matMul_toFloatClipped_equalsTheOracle() {
        Epilogue epilogue = new Epilogue.ToFloat(new float[] {0.01f}, 0, 6);
        Tensor a = TestTensors.integers(DType.U8, Shape.of(7, 40), SEED);
        Tensor b = TestTensors.integers(DType.S8, Shape.of(40, 21), SEED + 1);
        CudaOracle oracle = CudaOracle.of(new QMatMul(128, 0, epilogue)).constants(1);

        requireBoth(oracle, CudaOracle.present(a, b));
    }

    @Test
    void conv_onePixel_equalsTheOracle() {
        Tensor x = TestTensors.integers(DType.U8, Shape.of(2, 5, 7, 24), SEED);
        Tensor w = TestTensors.integers(DType.S8, Shape.of(20, 24, 1, 1), SEED + 1);
        QConv op = new QConv(window(0), 1, 3, Layout.CHANNELS_LAST, toInt8(DType.U8, 20));

        requireBoth(CudaOracle.of(op).constants(1, 2), CudaOracle.present(x, w, bias(20)));
    }

    @Test
    void contest_allAlgorithms_computeTheSame() {
        Tensor a = TestTensors.integers(DType.U8, Shape.of(12, 40), SEED);
        Tensor b = TestTensors.integers(DType.S8, Shape.of(40, 20), SEED + 1);
        CudaOracle oracle =
                CudaOracle.of(new QMatMul(9, 0, toInt8(DType.S8, 20))).constants(1);

        try (CudaDevice device = new CudaDevice(0, CudaImage.OF_THIS_BUILD::bytes);
                Arena arena = Arena.ofShared()) {
            KernelSpec spec = oracle.spec(CudaOracle.present(a, b), arena);
            CublasLt lt = device.cublasLt(LtSearch.run().library().orElseThrow());

            ProductContest.Result result = new ProductContest(device)
                    .run(spec, QMatMulCuda.ROW, scratch -> ProductRows.contenders(device, Optional.of(lt), scratch));

            assertThat(result.differing()).isEmpty();
            assertThat(result.compared()).isGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void conv_onePixelWithPadding_staysWithTheOwnKernel() {
        Tensor x = TestTensors.integers(DType.S8, Shape.of(1, 4, 4, 16), SEED);
        Tensor w = TestTensors.integers(DType.S8, Shape.of(16, 16, 1, 1), SEED + 1);
        QConv op = new QConv(window(1), 1, 0, Layout.CHANNELS_LAST, toInt8(DType.S8, 16));
        CudaOracle oracle = CudaOracle.of(op).constants(1);

        assertThat(oracle.kernel(CudaOracle.present(x, w)).orElseThrow()).doesNotContain(LIBRARY);
    }

    @Test
    void session_runsRecordedTwice_equalTheCpu() {
        Tensor b = TestTensors.integers(DType.S8, Shape.of(40, 20), SEED + 1);
        Graph graph = new Graph(
                "product",
                List.of(ValueInfo.of("x", DType.U8, 6, 40)),
                List.of(ValueInfo.of("y", DType.S8, 6, 20)),
                List.of(new Node("product", new QMatMul(77, 0, toInt8(DType.S8, 20)), List.of("x", "w"), List.of("y"))),
                Map.of("w", b));

        try (Session cpu = Session.open(graph, SessionOptions.defaults().withDevice(DeviceChoice.CPU));
                Session cuda = Session.open(graph, SessionOptions.defaults().withDevice(new DeviceChoice.Cuda(0)))) {
            assertThat(cuda.plan(Map.of("x", Shape.of(6, 40))).steps())
                    .singleElement()
                    .satisfies(step -> assertThat(step.kernel()).startsWith(LIBRARY));
            for (long seed = SEED; seed < SEED + 3; seed++) {
                Map<String, Tensor> inputs = Map.of("x", TestTensors.integers(DType.U8, Shape.of(6, 40), seed));

                Tensor expected = cpu.run(inputs).get("y");
                Tensor actual = cuda.run(inputs).get("y");

                assertThat(actual.contentEquals(expected)).as("seed %d", seed).isTrue();
            }
        }
    }

    @Test
    void demand_withoutLibrary_endsInAFaultOfTheDevice(@TempDir Path empty) {
        String before = System.getProperty(LtSearch.PROPERTY, "");
        System.setProperty(LtSearch.PROPERTY, empty.toString());
        try {
            Tensor a = TestTensors.integers(DType.S8, Shape.of(4, 16), SEED);
            Tensor b = TestTensors.integers(DType.S8, Shape.of(16, 16), SEED + 1);
            CudaOracle oracle =
                    CudaOracle.of(new QMatMul(0, 0, toInt8(DType.S8, 16))).constants(1);

            assertThatThrownBy(() -> oracle.kernel(CudaOracle.present(a, b)))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining(LtSearch.PROPERTY);
        } finally {
            if (before.isEmpty()) {
                System.clearProperty(LtSearch.PROPERTY);
            } else {
                System.setProperty(LtSearch.PROPERTY, before);
            }
        }
    }

    private static SpatialWindow window(long pad) {
        long[] ones = {1, 1};
        return new SpatialWindow(ones, ones, ones, new long[] {pad, pad, pad, pad}, AutoPad.NOTSET);
    }
}
