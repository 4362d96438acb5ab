package dev.octet.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Changes one to three things in a serialized ONNX model or tensor, keeping the file well-formed: numbers become extreme,
 * names and messages go missing, come twice or change places. Deterministic in its seed.
 */
public final class ModelMutator {
    private static final long[] WHOLE = {
        0,
        1,
        2,
        3,
        7,
        -1,
        -2,
        -9,
        127,
        255,
        65_536,
        1L << 20,
        1L << 31,
        (1L << 31) - 1,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final float[] REAL = {
        0,
        -0f,
        1,
        -1,
        0.5f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_VALUE,
        1e-30f,
        1e30f,
        1e9f
    };

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    /** The kinds of message that are looked into, by the kind around them and the field. */
    private static final Map<String, Map<Integer, String>> SCHEMA = Map.of(
            "model", Map.of(7, "graph", 8, "opset", 25, "function"),
            "graph", Map.of(1, "node", 5, "tensor", 11, "value", 12, "value", 13, "value", 15, "sparse"),
            "function", Map.of(7, "node", 9, "opset"),
            "node", Map.of(5, "attribute"),
            "attribute", Map.of(5, "tensor", 22, "sparse"),
            "sparse", Map.of(1, "tensor", 2, "tensor"),
            "value", Map.of(2, "type"),
            "type", Map.of(1, "tensorType"),
            "tensorType", Map.of(2, "shape"),
            "shape", Map.of(1, "dim"));

    /** Texts that are neither packed numbers nor data. */
    private static final Map<String, List<Integer>> TEXTS = Map.of(
            "node", List.of(1, 2, 3, 4, 7),
            "attribute", List.of(1, 4, 9, 21),
            "tensor", List.of(8),
            "value", List.of(1),
            "graph", List.of(2),
            "function", List.of(1, 4, 5, 10),
            "opset", List.of(1),
            "dim", List.of(2));

    private final Random random;

    public ModelMutator(long seed) {
        this.random = new Random(seed);
    }

    /** A field: a number's bits, bytes, or the fields of a message. */
    private static final class Field {
        private final int number;
        private final int wireType;
        private final String kind;
        private long bits;
        private byte[] bytes = new byte[0];
        private List<Field> fields = new ArrayList<>();

        Field(int number, int wireType, String kind) {
            this.number = number;
            this.wireType = wireType;
            this.kind = kind;
        }
    }

    /** A changed model. */
    public byte[] model(byte[] original) {
        return mutate(original, "model");
    }

    /** A changed tensor. */
    public byte[] tensor(byte[] original) {
        return mutate(original, "tensor");
    }

    private byte[] mutate(byte[] original, String kind) {
        List<Field> root = parse(ByteBuffer.wrap(original), kind);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            change(root, kind);
        }
        return bytes(root);
    }

    private static List<Field> parse(ByteBuffer in, String kind) {
        List<Field> fields = new ArrayList<>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            String inner = SCHEMA.getOrDefault(kind, Map.of()).getOrDefault(number, "");
            Field field = new Field(number, (int) (tag & 7), inner);
            switch (field.wireType) {
                case VARINT -> field.bits = varint(in);
                case FIXED64 -> field.bits = in.order(ByteOrder.LITTLE_ENDIAN).getLong();
                case BYTES -> {
                    byte[] content = new byte[(int) varint(in)];
                    in.get(content);
                    field.bytes = content;
                    field.fields = inner.isEmpty() ? field.fields : parse(ByteBuffer.wrap(content), inner);
                }
                default -> field.bits = in.order(ByteOrder.LITTLE_ENDIAN).getInt();
            }
            fields.add(field);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Goes down to a random field and changes it there. */
    private void change(List<Field> fields, String kind) {
        if (fields.isEmpty()) {
            return;
        }
        int index = random.nextInt(fields.size());
        Field field = fields.get(index);
        if (!field.fields.isEmpty() && random.nextInt(8) > 0) {
            change(field.fields, field.kind);
            return;
        }
        switch (random.nextInt(field.fields.isEmpty() ? 8 : 3)) {
            case 0 -> fields.remove(index);
            case 1 -> fields.add(random.nextInt(fields.size()), field);
            case 2 -> fields.add(fields.remove(index));
            default -> changeLeaf(field, fields, kind);
        }
    }

    private void changeLeaf(Field field, List<Field> siblings, String kind) {
        if (field.wireType != BYTES) {
            field.bits =
                    field.wireType == VARINT || field.wireType == FIXED64 ? whole() : Float.floatToRawIntBits(real());
        } else if (TEXTS.getOrDefault(kind, List.of()).contains(field.number)) {
            List<Field> texts = siblings.stream()
                    .filter(other -> other.wireType == BYTES && other.fields.isEmpty())
                    .toList();
            field.bytes = random.nextInt(4) == 0 ? new byte[0] : texts.get(random.nextInt(texts.size())).bytes;
        } else if (kind.equals("tensor") && (field.number == 9 || field.number == 4)) {
            changeData(field.bytes);
        } else {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            int count = Math.max(1, random.nextInt(5));
            for (int i = 0; i < count; i++) {
                varint(packed, whole());
            }
            field.bytes = packed.toByteArray();
        }
    }

    private void changeData(byte[] data) {
        if (data.length >= 8 && random.nextBoolean()) {
            ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putLong(random.nextInt(data.length / 8) * 8, whole());
        } else if (data.length >= 4) {
            ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(random.nextInt(data.length / 4) * 4, real());
        } else if (data.length > 0) {
            data[random.nextInt(data.length)] = (byte) whole();
        }
    }

    private long whole() {
        return WHOLE[random.nextInt(WHOLE.length)];
    }

    private float real() {
        return REAL[random.nextInt(REAL.length)];
    }

    private static byte[] bytes(List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            varint(out, (long) field.number << 3 | field.wireType);
            switch (field.wireType) {
                case VARINT -> varint(out, field.bits);
                case BYTES -> {
                    byte[] content = field.kind.isEmpty() ? field.bytes : bytes(field.fields);
                    varint(out, content.length);
                    out.writeBytes(content);
                }
                default -> {
                    int width = field.wireType == FIXED64 ? 8 : 4;
                    for (int i = 0; i < width; i++) {
                        out.write((int) (field.bits >> 8 * i));
                    }
                }
            }
        }
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
