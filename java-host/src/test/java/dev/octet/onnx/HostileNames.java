package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small models with names that are paths, commands to a terminal, very long or no names at all, in each place in turn. */
public final class HostileNames {
    private static final List<String> NAMES = List.of(
            "",
            " ",
            ".",
            "..",
            "../../evil",
            "/tmp/evil",
            "a/../../evil",
            "C:\\evil",
            "con",
            "\0",
            "a\0b",
            "\n",
            "a\r\nocte: 100 % correct",
            "\u001b[2J\u001b]0;evil\u0007",
            "\u009b31m",
            "\u202e\u2066gnp.exe",
            "\ufeff",
            "\ud83d\ude00",
            "\u2028\u2029\u0085",
            "e\u0301\u0301\u0301\u0301",
            "%s%n%d",
            "${jndi:ldap://x}",
            "a,b=c:0",
            "\"'`<script>",
            "x".repeat(300),
            "y".repeat(70_000),
            "é".repeat(255));

    private static final List<String> PLACES = List.of(
            "node",
            "value",
            "output",
            "input",
            "constant",
            "operator",
            "domain",
            "attribute",
            "function",
            "location",
            "axis");

    private HostileNames() {}

    /** Writes all models below a folder; their input is f32[2]. */
    public static List<Path> write(Path folder) throws IOException {
        List<Path> models = new ArrayList<>();
        for (String place : PLACES) {
            for (String name : NAMES) {
                Path home = Files.createDirectories(folder.resolve(place + models.size()));
                models.add(model(place, name).write(home));
            }
        }
        return models;
    }

    private static String at(String place, String here, String name, String usual) {
        return place.equals(here) ? name : usual;
    }

    private static TestModel model(String place, String name) {
        String input = at(place, "input", name, "x");
        String value = at(place, "value", name, "v");
        String output = at(place, "output", name, "y");
        String constant = at(place, "constant", name, "c");
        String domain = at(place, "domain", name, at(place, "function", "f", ""));
        Attributes attributes =
                place.equals("attribute") ? Attributes.builder().put(name, name).build() : Attributes.NONE;
        TestModel model = place.equals("axis")
                ? new TestModel(20).input(input, DType.F32, name)
                : new TestModel(20).input(input, DType.F32, 2);
        if (place.equals("location")) {
            model.externalConstant(constant, name, 2);
        } else {
            model.constant(constant, Tensor.vector(1, 2));
        }
        if (place.equals("domain") || place.equals("function")) {
            model.importDomain(domain, 1);
        }
        if (place.equals("function")) {
            model.function(function(name));
        }
        String operator = at(place, "operator", name, at(place, "function", name, "Relu"));
        return model.add(TestModel.node("Relu", Attributes.NONE, List.of(input), value))
                .add(TestModel.node(domain, operator, attributes, List.of(value), "w")
                        .text(3, at(place, "node", name, "n")))
                .add(TestModel.node("Identity", Attributes.NONE, List.of(constant), "z"))
                .add(TestModel.node("Identity", Attributes.NONE, List.of("w"), output))
                .output(output, DType.F32)
                .output("z");
    }

    private static MessageWriter function(String name) {
        return new MessageWriter()
                .text(1, name)
                .text(10, "f")
                .text(4, name)
                .text(5, "r")
                .message(9, TestModel.opsetId("", 20))
                .message(7, TestModel.node("Relu", Attributes.NONE, List.of(name), "r"));
    }
}
