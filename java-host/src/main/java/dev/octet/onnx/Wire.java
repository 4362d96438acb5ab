package dev.octet.onnx;

import com.google.protobuf.CodedInputStream;
import dev.octet.graph.ModelException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * A cursor over the fields of a protobuf message and its sub-messages. Every length is compared with what is left of the
 * enclosing message before it is used. Not thread-safe.
 */
final class Wire {
    static final int MAX_DEPTH = 100;

    /** Messages and texts in one file: each takes far more memory than its two bytes on disk. */
    static final int MAX_PARTS = 1 << 21;

    /** Nodes of a graph, attributes of a node, and so on: each is looked at by every pass. */
    static final int MAX_ENTRIES = 1 << 16;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final CodedInputStream in;
    private long end;
    private int depth;
    private int parts;
    private long fieldOffset;
    private int field;
    private int wireType;

    /** Bytes left in the file: read later, straight into a tensor. */
    record Region(long offset, long length) {}

    Wire(MemorySegment source) {
        this.in = CodedInputStream.newInstance(new SegmentInputStream(source));
        this.end = source.byteSize();
    }

    @FunctionalInterface
    private interface Read<T> {
        T get() throws IOException;
    }

    private <T> T read(Read<T> read) {
        try {
            return read.get();
        } catch (IOException e) {
            throw fault("field " + field + ": " + e.getMessage(), fieldOffset, e);
        }
    }

    private long position() {
        return in.getTotalBytesRead();
    }

    /**
     * Adds to a list of a message.
     *
     * @param what the list's entries are, for the message
     * @throws ModelException of kind LIMIT if there are too many
     */
    static <T> void add(List<T> list, T entry, String what) {
        add(list, entry, MAX_ENTRIES, what);
    }

    /** The same with another limit. */
    static <T> void add(List<T> list, T entry, int most, String what) {
        if (list.size() == most) {
            throw ModelException.limit("there are more than " + most + " " + what);
        }
        list.add(entry);
    }

    /** Where the current field's tag begins. */
    long fieldOffset() {
        return fieldOffset;
    }

    /** Moves to the next field and returns its number, or 0 at the end of the message. */
    int next() {
        fieldOffset = position();
        if (fieldOffset > end) {
            throw fault("field " + field + " runs past the end of its message", fieldOffset);
        }
        if (fieldOffset == end) {
            return 0;
        }
        int tag;
        try {
            tag = in.readTag();
        } catch (IOException e) {
            throw fault("bad field tag: " + e.getMessage(), fieldOffset, e);
        }
        field = tag >>> 3;
        wireType = tag & 7;
        return field;
    }

    private void expect(int type) {
        if (wireType != type) {
            throw fault("field " + field + " has wire type " + wireType + ", expected " + type, fieldOffset);
        }
    }

    long varint() {
        expect(VARINT);
        return read(in::readRawVarint64);
    }

    float fixed32() {
        expect(FIXED32);
        return Float.intBitsToFloat(read(in::readRawLittleEndian32));
    }

    private int length() {
        expect(LENGTH_DELIMITED);
        if (++parts > MAX_PARTS) {
            throw ModelException.limit("the file has more than " + MAX_PARTS + " messages and texts");
        }
        long length = read(in::readRawVarint64);
        long left = end - position();
        if (length < 0 || length > left) {
            throw fault(
                    "field " + field + " has length " + Long.toUnsignedString(length) + " but only " + left
                            + " bytes are left: truncated or damaged",
                    fieldOffset);
        }
        return (int) length;
    }

    /** Reads a sub-message. */
    <T> T message(Function<Wire, T> reader) {
        int length = length();
        if (++depth > MAX_DEPTH) {
            throw fault("messages are nested deeper than the nesting depth limit " + MAX_DEPTH, fieldOffset);
        }
        long outerEnd = end;
        end = position() + length;
        T message = reader.apply(this);
        end = outerEnd;
        depth--;
        return message;
    }

    byte[] bytes() {
        int length = length();
        return read(() -> in.readRawBytes(length));
    }

    String string() {
        long at = fieldOffset;
        byte[] bytes = bytes();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw fault("field " + field + " is not UTF-8: \"" + escaped(bytes) + "\"", at, e);
        }
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, 64); i++) {
            boolean plain = bytes[i] >= ' ' && bytes[i] < 0x7F && bytes[i] != '"' && bytes[i] != '\\';
            text.append(plain ? String.valueOf((char) bytes[i]) : String.format("\\x%02X", bytes[i]));
        }
        return text.toString();
    }

    /** Notes where a bytes field lies and skips it. */
    Region region() {
        int length = length();
        Region region = new Region(position(), length);
        skipBytes(length);
        return region;
    }

    private void skipBytes(int length) {
        read(() -> {
            in.skipRawBytes(length);
            return length;
        });
    }

    /** Adds one varint, or a packed run of them. */
    void varints(NumberList into) {
        numbers(into, VARINT, in::readRawVarint64);
    }

    /** Adds the bits of one 32-bit value, or of a packed run. */
    void fixed32s(NumberList into) {
        numbers(into, FIXED32, () -> (long) in.readRawLittleEndian32());
    }

    /** Adds the bits of one 64-bit value, or of a packed run. */
    void fixed64s(NumberList into) {
        numbers(into, FIXED64, in::readRawLittleEndian64);
    }

    private void numbers(NumberList into, int single, Read<Long> element) {
        if (wireType == single) {
            into.add(read(element));
            return;
        }
        int length = length();
        long packedEnd = position() + length;
        into.reserve(
                switch (single) {
                    case FIXED32 -> length / 4;
                    case FIXED64 -> length / 8;
                    default -> 0;
                });
        while (position() < packedEnd) {
            into.add(read(element));
        }
        if (position() != packedEnd) {
            throw fault("packed field " + field + " does not end at an element", fieldOffset);
        }
    }

    /** Skips a field nobody knows. */
    void skip() {
        switch (wireType) {
            case VARINT -> read(in::readRawVarint64);
            case FIXED64 -> read(in::readRawLittleEndian64);
            case LENGTH_DELIMITED -> skipBytes(length());
            case FIXED32 -> read(in::readRawLittleEndian32);
            default -> throw fault("field " + field + " has wire type " + wireType, fieldOffset);
        }
    }

    /** A fault of the encoding, always with its byte offset. */
    static ModelException fault(String message, long offset, Throwable... cause) {
        String text = "not an ONNX protobuf, or truncated: " + message + " (byte offset " + offset + ")";
        return cause.length == 0
                ? ModelException.invalid(text)
                : new ModelException(ModelException.Kind.INVALID, text, cause[0]);
    }
}
