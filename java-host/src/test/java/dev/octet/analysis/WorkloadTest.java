package dev.octet.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.SpatialWindow.AutoPad;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final SpatialWindow STRIDE_2 =
            new SpatialWindow(new long[0], new long[] {2, 2}, new long[0], new long[] {1, 1, 1, 1}, AutoPad.NOTSET);

    @Test
    void of_groupedConvolution_countsMacsParametersAndBytes() {
        Graph graph = new Graph(
                "test",
                List.of(ValueInfo.of("x", DType.F32, 3, 6, 9, 7)),
                List.of(ValueInfo.of("y", DType.F32, 3, 4, 5, 4)),
                List.of(
                        new Node("conv", new Conv(STRIDE_2, 2), List.of("x", "w", "b"), List.of("c")),
                        new Node("relu", new Unary(UnaryFunction.RELU), List.of("c"), List.of("y"))),
                Map.of(
                        "w", Tensor.allocate(DType.F32, Shape.of(4, 3, 3, 3)),
                        "b", Tensor.allocate(DType.F32, Shape.of(4))));

        ShapeInference.Result types =
                ShapeInference.infer(graph, Map.of("x", Shape.of(3, 6, 9, 7)), (node, inputs, outputs) -> List.of());
        Workload workload = Workload.of(graph, types);

        long outputs = 3 * 4 * 5 * 4;
        assertThat(workload.layers()).hasSize(2);
        LayerWorkload conv = workload.layers().get(0);
        assertThat(conv.macs()).isEqualTo(outputs * 3 * 3 * 3);
        assertThat(conv.parameters()).isEqualTo(4 * 3 * 3 * 3 + 4);
        assertThat(conv.readBytes()).isEqualTo(4 * (3 * 6 * 9 * 7 + 4 * 3 * 3 * 3 + 4));
        assertThat(conv.writtenBytes()).isEqualTo(4 * outputs);
        assertThat(conv.precision()).isEqualTo("f32");
        assertThat(workload.layers().get(1).macs()).isZero();
    }
}
