package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Op;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.Slice;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native moves of elements against the Java kernels, bit for bit. */
class NativeMoveTest {
    private static final int CASES = 30;

    private static void assertSameBits(String set, Op op, String about, int constants, List<Optional<Tensor>> inputs)
            throws Exception {
        Tensor got = NativeHarness.run(set, op, constants, inputs);
        Tensor want = NativeHarness.run("java", op, constants, inputs);
        assertThat(got.data().mismatch(want.data())).as(about).isEqualTo(-1);
    }

    private static Tensor random(int seed, Shape shape, Random random) {
        return switch (seed % 3) {
            case 0 -> NativeHarness.randomBytes(DType.U8, shape, random);
            case 1 -> NativeHarness.randomFloats(shape, random);
            default -> Tensor.ofLongs(shape, random.longs(shape.elementCount()).toArray());
        };
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void concat_lastOrOtherAxis_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int axis = random.nextInt(4);
            long[] dims = {1 + random.nextInt(2), 1 + random.nextInt(30), 1 + random.nextInt(30), 1 + random.nextInt(80)
            };
            List<Optional<Tensor>> parts = new ArrayList<>();
            for (int part = 0; part < 2 + seed % 3; part++) {
                dims[axis] = random.nextInt(150);
                parts.add(Optional.of(random(seed, Shape.of(dims), random)));
            }
            dims[axis] = 1 + random.nextInt(20);
            parts.add(Optional.of(random(seed, Shape.of(dims), random)));

            assertSameBits(set, new Concat(axis), "seed %d, axis %d, %s".formatted(seed, axis, parts), 0, parts);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void slice_stepsOfEitherSign_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Shape shape = Shape.of(2, 3 + random.nextInt(40), 3 + random.nextInt(40), 1 + random.nextInt(70));
            Tensor x = random(seed, shape, random);
            long[] starts = new long[3];
            long[] ends = new long[3];
            long[] steps = new long[3];
            for (int i = 0; i < 3; i++) {
                boolean backward = i < 2 && random.nextInt(3) == 0;
                steps[i] = i == 2 ? 1 : (1 + random.nextInt(3)) * (backward ? -1 : 1);
                starts[i] = backward ? -1 - random.nextInt(2) : random.nextInt(i == 2 ? 1 : 3);
                ends[i] = backward ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            List<Optional<Tensor>> inputs = new ArrayList<>(List.of(Optional.of(x)));
            for (long[] values : new long[][] {starts, ends, {1, 2, 3}, steps}) {
                inputs.add(Optional.of(Tensor.vector(values)));
            }

            assertSameBits(set, new Slice(), "seed %d, %s".formatted(seed, shape), 4, inputs);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void pad_addsAndRemoves_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Shape shape = Shape.of(1 + random.nextInt(2), 3 + random.nextInt(20), 3 + random.nextInt(20), 33);
            Tensor x = random(seed, shape, random);
            long[] pads = new long[8];
            for (int i = 0; i < pads.length; i++) {
                pads[i] = i % 4 == 0 ? 0 : random.nextInt(i % 4 == 3 ? 20 : 5) - 1;
            }
            List<Optional<Tensor>> inputs = new ArrayList<>(List.of(Optional.of(x), Optional.of(Tensor.vector(pads))));
            if (seed % 2 == 0) {
                inputs.add(Optional.of(random(seed, Shape.SCALAR, random)));
            }

            assertSameBits(set, new Pad(Pad.Mode.CONSTANT), "seed %d, %s".formatted(seed, shape), 1, inputs);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void expand_repeatedAxes_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            long[] dims = {1 + random.nextInt(3), 1 + random.nextInt(20), 1 + random.nextInt(20), 1 + random.nextInt(60)
            };
            long[] target = dims.clone();
            int axis = 1 + random.nextInt(3);
            dims[axis] = 1;
            Tensor x = random(seed, Shape.of(dims), random);
            List<Optional<Tensor>> inputs = List.of(Optional.of(x), Optional.of(Tensor.vector(target)));

            assertSameBits(set, new Expand(), "seed %d, axis %d".formatted(seed, axis), 1, inputs);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void depthToSpace_bytes_equalsJavaKernel(String set) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            DepthToSpace.Order order = DepthToSpace.Order.values()[seed % 2];
            Shape shape = Shape.of(1 + random.nextInt(2), 4 * (1 + random.nextInt(3)), 1, 1 + random.nextInt(5));
            Tensor x = NativeHarness.randomBytes(DType.S8, shape, random);

            assertSameBits(
                    set,
                    new DepthToSpace(2, order, Layout.CHANNELS_FIRST),
                    "seed %d, %s".formatted(seed, shape),
                    0,
                    List.of(Optional.of(x)));
        }
    }
}
