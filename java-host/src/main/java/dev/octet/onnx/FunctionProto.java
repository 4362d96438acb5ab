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
                case 4 -> Wire.add(function.inputs, in.string(), "inputs of a function");
                case 5 -> Wire.add(function.outputs, in.string(), "outputs of a function");
                case 7 -> Wire.add(function.nodes, in.message(NodeProto::read), "nodes in a function");
                case 9 -> Wire.add(function.opsets, in.message(ModelProto.OpsetId::read), "operator sets");
                case 10 -> domain = ModelProto.OpsetId.normalized(in.string());
                case 11 -> Wire.add(function.defaults, in.message(AttributeProto::read), "attributes of a function");
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
