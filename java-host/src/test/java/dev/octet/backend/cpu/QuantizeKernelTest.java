package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ConvCase;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizeKernelTest {
    @ParameterizedTest
    @EnumSource(names = {"U8", "S8", "U16", "S16", "U4", "S4", "U2", "S2"})
    void quantize_perAxis_equalsQuantizerAndComesBack(DType dtype) {
        long seed = 21;
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(3, 5, 7), 3, seed);
        Tensor scale = Tensor.ofFloats(Shape.of(5), 0.01f, 0.5f, 1f, 0.3f, 2f);
        Tensor zero = TestTensors.integers(dtype, Shape.of(5), seed + 1);

        Tensor q = OneNode.run(QuantizeLinear.along(-2), x, scale, zero);
        Tensor back = OneNode.run(DequantizeLinear.along(1), q, scale, zero);

        for (int i = 0; i < x.elementCount(); i++) {
            int channel = i / 7 % 5;
            int want = Quantizer.quantize(
                    x.getFloat(i), scale.getFloat(channel), (int) zero.getLong(channel), (int) dtype.minInteger(), (int)
                            dtype.maxInteger());
            assertThat(q.getLong(i)).as("seed %d, element %d", seed, i).isEqualTo(want);
            assertThat(back.getFloat(i))
                    .as("seed %d, element %d", seed, i)
                    .isEqualTo(Quantizer.dequantize(want, scale.getFloat(channel), (int) zero.getLong(channel)));
        }
    }

    @Test
    void quantize_blocksWithShortLast_useTheirScales() {
        long seed = 22;
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 7, 3), 100, seed);
        Tensor scale = TestTensors.uniform(DType.F32, Shape.of(2, 3, 3), 1, seed + 1);
        for (int i = 0; i < scale.elementCount(); i++) {
            scale.setFloat(i, Math.abs(scale.getFloat(i)) + 0.1f);
        }
        QuantizeLinear op = new QuantizeLinear(1, 3, Optional.of(DType.S8), Optional.empty(), true);

        Tensor q = OneNode.run(op, x, scale);
        Tensor back = OneNode.run(new DequantizeLinear(1, 3, Optional.empty()), q, scale);

        for (int i = 0; i < x.elementCount(); i++) {
            float s = (float) Naive.at(scale, i / 21, i / 3 % 7 / 3, i % 3);
            int want = Quantizer.quantize(x.getFloat(i), s, 0, -128, 127);
            assertThat(q.getLong(i)).as("seed %d, element %d", seed, i).isEqualTo(want);
            assertThat(back.getFloat(i)).isEqualTo(want * s);
        }
    }

    @Test
    void quantize_manyPackedElements_doNotDisturbNeighbours() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(70001), 9, 23);

        Tensor q = OneNode.run(
                new QuantizeLinear(0, 0, Optional.of(DType.S4), Optional.empty(), true), x, Tensor.scalar(1f));

        for (int i = 0; i < x.elementCount(); i++) {
            assertThat(q.getLong(i)).as("element %d", i).isEqualTo(Quantizer.quantize(x.getFloat(i), 1, 0, -8, 7));
        }
    }

    @Test
    void quantize_halfPrecisionDivision_roundsTheQuotientFirst() {
        // 2.50049 / 1 is 2.5004883 in fp32, which f16 (spacing 2^-9 there) rounds to 2.5: a tie, to even 2.
        Tensor x = Tensor.ofFloats(Shape.of(1), 2.50049f);
        QuantizeLinear half = new QuantizeLinear(0, 0, Optional.of(DType.S8), Optional.of(DType.F16), true);
        QuantizeLinear single = new QuantizeLinear(0, 0, Optional.of(DType.S8), Optional.empty(), true);

        assertThat(OneNode.run(half, x, Tensor.scalar(1f)).getLong(0)).isEqualTo(2);
        assertThat(OneNode.run(single, x, Tensor.scalar(1f)).getLong(0)).isEqualTo(3);
    }

    @Test
    void dynamicQuantize_allZero_hasScaleOne() {
        List<Tensor> outputs = OneNode.run(
                new DynamicQuantizeLinear(),
                3,
                OneNode.Known.NOTHING,
                OneNode.present(Tensor.allocate(DType.F32, Shape.of(5))));

        assertThat(outputs.get(1).getFloat(0)).isEqualTo(1f);
        assertThat(outputs.get(0).toLongs()).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"ADD", "MUL"})
    void qbinary_broadcast_equalsQuantizer(BinaryFunction function) {
        Tensor a = ConvCase.bytes(DType.U8, Shape.of(3, 5, 7), 31);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(5, 1), 32);
        QBinary op = new QBinary(function, 9, 0.03f, -4, 0.8f, DType.S8, 3, -100, 127);

        Tensor got = OneNode.run(op, a, b);

        for (int i = 0; i < got.elementCount(); i++) {
            int p = (int) a.getLong(i) - 9;
            int q = (int) b.getLong(i / 7 % 5) + 4;
            int want = function == BinaryFunction.ADD
                    ? Quantizer.requantizeAdd(p, 0.03f, q, 0.8f, 3, -100, 127)
                    : Quantizer.requantize(p * q, 0.03f, 3, -100, 127);
            assertThat(got.getLong(i)).as("element %d", i).isEqualTo(want);
        }
    }

    @Test
    void qlookup_everyByte_mapsThroughTheTable() {
        byte[] table = new byte[256];
        for (int i = 0; i < 256; i++) {
            table[i] = (byte) (7 * i + 3);
        }
        Tensor x = TestTensors.integers(DType.S8, Shape.of(40001), 41);

        Tensor got = OneNode.run(new QLookup(table, DType.U8), x);

        for (int i = 0; i < x.elementCount(); i++) {
            assertThat((byte) got.getLong(i)).as("element %d", i).isEqualTo(table[(int) x.getLong(i) & 0xFF]);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void qglobalAveragePool_eachLayout_equalsQuantizer(Layout layout) {
        Tensor x = ConvCase.bytes(DType.U8, Shape.of(2, 131, 5, 7), 51);
        QGlobalAveragePool op = new QGlobalAveragePool(100, 0.02f, 0.005f, DType.S8, -3, layout);

        Tensor got = OneNode.run(op, ConvCase.toLayout(x, layout));

        for (int plane = 0; plane < 2 * 131; plane++) {
            int sum = 0;
            for (int i = 0; i < 35; i++) {
                sum += (int) x.getLong(plane * 35L + i) - 100;
            }
            int want = Quantizer.requantize(sum, 0.02f / 35 / 0.005f, -3, -128, 127);
            assertThat(got.getLong(plane)).as("plane %d", plane).isEqualTo(want);
        }
    }
}
