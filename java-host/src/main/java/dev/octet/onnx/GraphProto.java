package dev.octet.onnx;

import java.util.ArrayList;
import java.util.List;

/** ONNX GraphProto. */
record GraphProto(
        String name,
        List<NodeProto> nodes,
        List<TensorProto> initializers,
        List<SparseTensorProto> sparseInitializers,
        List<ValueInfoProto> inputs,
        List<ValueInfoProto> outputs,
        List<ValueInfoProto> valueInfos) {

    static GraphProto read(Wire in) {
        String name = "";
        GraphProto graph = new GraphProto(
                "",
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> Wire.add(graph.nodes, in.message(NodeProto::read), "nodes in a graph");
                case 2 -> name = in.string();
                case 5 -> Wire.add(graph.initializers, in.message(TensorProto::read), "initializers in a graph");
                case 11 -> Wire.add(graph.inputs, in.message(ValueInfoProto::read), "inputs of a graph");
                case 12 -> Wire.add(graph.outputs, in.message(ValueInfoProto::read), "outputs of a graph");
                case 13 -> graph.valueInfos.add(in.message(ValueInfoProto::read));
                case 15 ->
                    Wire.add(
                            graph.sparseInitializers,
                            in.message(SparseTensorProto::read),
                            "sparse initializers in a graph");
                default -> in.skip();
            }
        }
        return new GraphProto(
                name,
                graph.nodes,
                graph.initializers,
                graph.sparseInitializers,
                graph.inputs,
                graph.outputs,
                graph.valueInfos);
    }
}
