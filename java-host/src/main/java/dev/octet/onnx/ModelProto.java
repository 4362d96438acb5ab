package dev.octet.onnx;

import dev.octet.graph.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ONNX ModelProto. */
record ModelProto(
        Optional<Long> irVersion, List<OpsetId> opsets, Optional<GraphProto> graph, List<FunctionProto> functions) {

    /** ONNX OperatorSetIdProto; ONNX's own domain is always the empty string here. */
    record OpsetId(String domain, long version) {
        static OpsetId read(Wire in) {
            String domain = "";
            long version = 0;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 1 -> domain = normalized(in.string());
                    case 2 -> version = in.varint();
                    default -> in.skip();
                }
            }
            return new OpsetId(domain, version);
        }

        static String normalized(String domain) {
            return domain.equals("ai.onnx") ? "" : domain;
        }

        static String label(String domain) {
            return domain.isEmpty() ? "ai.onnx" : Names.escape(domain);
        }
    }

    static ModelProto read(Wire in) {
        Optional<Long> irVersion = Optional.empty();
        List<OpsetId> opsets = new ArrayList<>();
        Optional<GraphProto> graph = Optional.empty();
        List<FunctionProto> functions = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> irVersion = Optional.of(in.varint());
                case 7 -> {
                    if (graph.isPresent()) {
                        throw Wire.fault("the model has two graphs", in.fieldOffset());
                    }
                    graph = Optional.of(in.message(GraphProto::read));
                }
                case 8 -> Wire.add(opsets, in.message(OpsetId::read), "operator sets");
                case 25 -> Wire.add(functions, in.message(FunctionProto::read), "functions");
                default -> in.skip();
            }
        }
        return new ModelProto(irVersion, opsets, graph, functions);
    }

    /** Versions by domain; an import that contradicts an earlier one is left to the caller's check. */
    static Map<String, Long> versions(List<OpsetId> opsets) {
        Map<String, Long> versions = new HashMap<>();
        opsets.forEach(id -> versions.putIfAbsent(id.domain(), id.version()));
        return versions;
    }
}
