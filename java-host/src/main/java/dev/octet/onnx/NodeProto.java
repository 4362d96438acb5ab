package dev.octet.onnx;

import java.util.ArrayList;
import java.util.List;

/** ONNX NodeProto. */
record NodeProto(
        String name,
        String domain,
        String opType,
        List<String> inputs,
        List<String> outputs,
        List<AttributeProto> attributes) {

    /** Inputs and outputs: a change to one of them takes time for all, and each may be changed. */
    static final int MAX_VALUES = 1 << 12;

    static NodeProto read(Wire in) {
        String name = "";
        String domain = "";
        String opType = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<AttributeProto> attributes = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> Wire.add(inputs, in.string(), MAX_VALUES, "inputs of a node");
                case 2 -> Wire.add(outputs, in.string(), MAX_VALUES, "outputs of a node");
                case 3 -> name = in.string();
                case 4 -> opType = in.string();
                case 5 -> Wire.add(attributes, in.message(AttributeProto::read), "attributes of a node");
                case 7 -> domain = ModelProto.OpsetId.normalized(in.string());
                default -> in.skip();
            }
        }
        return new NodeProto(name, domain, opType, inputs, outputs, attributes);
    }
}
