package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cpu.CpuBackend;
import dev.octet.graph.Graph;
import dev.octet.graph.op.Pointwise;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chains of elementwise operators that become one node, and what ends them. */
class FusePointwiseTest {
    private final TestGraph test = new TestGraph();

    @BeforeEach
    void needsNativeKernels() {
        Assumptions.assumeTrue(new CpuBackend().isFusing(), "no native kernels here");
    }

    @Test
    void fuse_productWithItsSigmoid_isOneNode() {
        String x = test.input("x", FuseTest.HEADS);
        String sigmoid = test.node("sigmoid", "Sigmoid", x);
        Graph graph = test.output(test.node("silu", "Mul", x, sigmoid));

        Graph fused = FuseTest.fused(graph);

        assertThat(fused.nodes()).hasSize(1);
        assertThat(fused.nodes().get(0).op()).isInstanceOf(Pointwise.class);
        FuseTest.assertSame(graph, fused, FuseTest.TOLERANCE);
    }

    @Test
    void fuse_chainBetweenBytes_readsAndWritesBytes() {
        String coarse = test.constant("coarse", Tensor.scalar(0.031f));
        String zero = test.constant("zero", Tensor.ofBytes(DType.U8, Shape.SCALAR, new byte[] {99}));
        String bytes = test.node("bytes", "QuantizeLinear", test.input("x", FuseTest.HEADS), coarse, zero);
        String x = test.node("real", "DequantizeLinear", bytes, coarse, zero);
        String row = test.constant("row", TestGraph.randomTensor(new Random(3), 4));
        String hard = test.node("hard", "HardSigmoid", test.node("scaled", "Mul", x, row));
        String gated = test.node("gated", "Mul", hard, test.input("gate", 2, 1, 1, 4));
        Graph graph = test.output(FuseTest.toBytes(test, test.node("clipped", "Relu", gated)));

        Graph fused = FuseTest.fused(graph);

        assertThat(fused.nodes()).hasSize(3);
        assertThat(fused.nodes().get(1).op()).isInstanceOf(Pointwise.class);
        FuseTest.assertSame(graph, fused, 0);
    }

    @Test
    void fuse_elementwiseValueThatIsAnOutput_stays() {
        String exp = test.node("exp", "Exp", test.input("x", FuseTest.HEADS));
        Graph graph = test.output(test.node("sum", "Add", exp, test.input("other", FuseTest.HEADS)), exp);

        assertThat(FuseTest.fused(graph).nodes()).hasSize(2);
    }

    @Test
    void fuse_valueOfASmallerShape_isNotComputedAgain() {
        String small = test.node("exp", "Exp", test.input("x", 1, 1, 1, 4));
        Graph graph = test.output(test.node("sum", "Add", small, test.input("other", FuseTest.HEADS)));

        assertThat(FuseTest.fused(graph).nodes()).hasSize(2);
    }

    @Test
    void fuse_longChain_isSplitWhereCodeEnds() {
        String value = test.input("x", FuseTest.HEADS);
        for (int i = 0; i < 40; i++) {
            value = test.node("tanh" + i, "Tanh", value);
        }
        Graph graph = test.output(value);

        Graph fused = FuseTest.fused(graph);

        assertThat(fused.nodes()).hasSize(2);
        FuseTest.assertSame(graph, fused, 40 * 0x1p-20f);
    }
}
