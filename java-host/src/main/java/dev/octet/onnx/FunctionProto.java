package dev.octet.onnx;

import dev.octet.graph.Names;
import java.util.ArrayList;
import java.util.List;

/** ONNX FunctionProto: an operator spelt as a graph, kept in the model. */
record FunctionProto(
        String domain,
        String name,
        List<String> inputs,
        List<String> outputs,
        List<NodeProto> nodes,
        List<AttributeProto> defaults,
        List<ModelProto.OpsetId> opsets) {

    static FunctionProto read(Wire in) {
        String domain = "";
        String name = "";
        FunctionProto function = new FunctionProto(
                "", "", new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> name = in.string();
                case 4 -> function.inputs.add(in.string());
                case 5 -> function.outputs.add(in.string());
                case 7 -> function.nodes.add(in.message(NodeProto::read));
                case 9 -> function.opsets.add(in.message(ModelProto.OpsetId::read));
                case 10 -> domain = ModelProto.OpsetId.normalized(in.string());
                case 11 -> function.defaults.add(in.message(AttributeProto::read));
                default -> in.skip();
            }
        }
        return new FunctionProto(
                domain, name, function.inputs, function.outputs, function.nodes, function.defaults, function.opsets);
    }

    String label() {
        return "function " + Names.escape(domain) + "::" + Names.escape(name);
    }
}
