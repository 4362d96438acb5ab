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
                case 1 -> graph.nodes.add(in.message(NodeProto::read));
                case 2 -> name = in.string();
                case 5 -> graph.initializers.add(in.message(TensorProto::read));
                case 11 -> graph.inputs.add(in.message(ValueInfoProto::read));
                case 12 -> graph.outputs.add(in.message(ValueInfoProto::read));
                case 13 -> graph.valueInfos.add(in.message(ValueInfoProto::read));
                case 15 -> graph.sparseInitializers.add(in.message(SparseTensorProto::read));
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
