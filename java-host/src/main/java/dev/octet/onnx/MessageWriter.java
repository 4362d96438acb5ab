package dev.octet.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Builds one protobuf message in memory, fields in the order of the calls. */
final class MessageWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private MessageWriter write(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    MessageWriter varint(int field, long value) {
        return write(() -> out.writeInt64(field, value));
    }

    MessageWriter real(int field, float value) {
        return write(() -> out.writeFloat(field, value));
    }

    MessageWriter text(int field, String value) {
        return write(() -> out.writeString(field, value));
    }

    MessageWriter bytes(int field, byte[] value) {
        return write(() -> out.writeByteArray(field, value));
    }

    MessageWriter message(int field, MessageWriter message) {
        return bytes(field, message.toBytes());
    }

    /** The tag and length of a bytes field whose content follows elsewhere. */
    MessageWriter header(int field, long length) {
        return write(() -> {
            out.writeTag(field, 2);
            out.writeUInt64NoTag(length);
        });
    }

    byte[] toBytes() {
        write(out::flush);
        return bytes.toByteArray();
    }
}
