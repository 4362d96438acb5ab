package dev.octet.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** ONNX files of one Identity node each way through, encoded here from the published field numbers. */
final class TinyModel {
    private TinyModel() {}

    /** A model "y = Identity(x)" for an ONNX element type number and a shape. */
    static byte[] identity(int elementType, long... dims) {
        byte[] node = join(text(1, "x"), text(2, "y"), text(3, "copy"), text(4, "Identity"));
        byte[] graph = join(
                message(1, node),
                text(2, "tiny"),
                message(11, value("x", elementType, dims)),
                message(12, value("y", elementType, dims)));
        byte[] opset = join(text(1, ""), number(2, 14));
        return join(number(1, 8), message(7, graph), message(8, opset));
    }

    private static byte[] value(String name, int elementType, long... dims) {
        byte[][] sizes = new byte[dims.length][];
        for (int i = 0; i < dims.length; i++) {
            sizes[i] = message(1, number(1, dims[i]));
        }
        byte[] tensor = join(number(1, elementType), message(2, join(sizes)));
        return join(text(1, name), message(2, message(1, tensor)));
    }

    private static byte[] text(int field, String value) {
        return message(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] message(int field, byte[] content) {
        return join(varint(((long) field << 3) | 2), varint(content.length), content);
    }

    private static byte[] number(int field, long value) {
        return join(varint((long) field << 3), varint(value));
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
