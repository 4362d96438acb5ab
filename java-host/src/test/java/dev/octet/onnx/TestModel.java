package dev.octet.onnx;

import dev.octet.graph.Attributes;
import dev.octet.graph.op.TypeCodes;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds model files field by field, valid or not. */
final class TestModel {
    private final MessageWriter graph = new MessageWriter().text(2, "test");
    private final List<MessageWriter> functions = new ArrayList<>();
    private final List<MessageWriter> imports = new ArrayList<>();
    private final long irVersion;

    TestModel(long opset) {
        this(8, opset);
    }

    TestModel(long irVersion, long opset) {
        this.irVersion = irVersion;
        imports.add(opsetId("", opset));
    }

    static MessageWriter opsetId(String domain, long version) {
        return new MessageWriter().text(1, domain).varint(2, version);
    }

    static MessageWriter node(String opType, Attributes attributes, List<String> inputs, String... outputs) {
        return node("", opType, attributes, inputs, outputs);
    }

    static MessageWriter node(
            String domain, String opType, Attributes attributes, List<String> inputs, String... outputs) {
        MessageWriter message = new MessageWriter();
        inputs.forEach(input -> message.text(1, input));
        for (String output : outputs) {
            message.text(2, output);
        }
        message.text(4, opType);
        AttributeWriter.write(attributes, message, 5);
        return domain.isEmpty() ? message : message.text(7, domain);
    }

    TestModel add(MessageWriter node) {
        graph.message(1, node);
        return this;
    }

    TestModel importDomain(String domain, long version) {
        imports.add(opsetId(domain, version));
        return this;
    }

    TestModel function(MessageWriter function) {
        functions.add(function);
        return this;
    }

    TestModel input(String name, DType dtype, long... dims) {
        graph.message(11, value(name, dtype, dims));
        return this;
    }

    /** An input of one axis, whose extent has a name. */
    TestModel input(String name, DType dtype, String extent) {
        MessageWriter shape = new MessageWriter().message(1, new MessageWriter().text(2, extent));
        MessageWriter type =
                new MessageWriter().varint(1, TypeCodes.code(dtype)).message(2, shape);
        graph.message(11, new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, type)));
        return this;
    }

    TestModel output(String name, DType dtype) {
        graph.message(12, value(name, dtype));
        return this;
    }

    /** An output that does not say what it is. */
    TestModel output(String name) {
        graph.message(12, new MessageWriter().text(1, name));
        return this;
    }

    TestModel constant(String name, Tensor tensor) {
        graph.message(5, AttributeWriter.tensor(name, tensor));
        return this;
    }

    /** A constant f32[count] at the start of a file. */
    TestModel externalConstant(String name, String location, long count) {
        MessageWriter entry = new MessageWriter().text(1, "location").text(2, location);
        graph.message(
                5,
                new MessageWriter()
                        .varint(1, count)
                        .varint(2, TypeCodes.code(DType.F32))
                        .text(8, name)
                        .message(13, entry)
                        .varint(14, 1));
        return this;
    }

    TestModel sparseConstant(MessageWriter sparse) {
        graph.message(15, sparse);
        return this;
    }

    /** Declares a value; without extents not even the rank is said. */
    private static MessageWriter value(String name, DType dtype, long... dims) {
        MessageWriter type = new MessageWriter().varint(1, TypeCodes.code(dtype));
        if (dims.length > 0) {
            MessageWriter shape = new MessageWriter();
            for (long dim : dims) {
                shape.message(1, new MessageWriter().varint(1, dim));
            }
            type.message(2, shape);
        }
        return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, type));
    }

    Path write(Path folder) throws IOException {
        MessageWriter model = new MessageWriter().varint(1, irVersion);
        imports.forEach(id -> model.message(8, id));
        model.message(7, graph);
        functions.forEach(function -> model.message(25, function));
        Path path = folder.resolve("model.onnx");
        Files.write(path, model.toBytes());
        return path;
    }
}
