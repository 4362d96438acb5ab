package dev.octet.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Changes protobuf messages and keeps their lengths right, so that what is wrong is the model and not its encoding:
 * numbers, names and bytes change, fields are dropped, repeated, exchanged or taken over from another message.
 */
final class MessageMutation implements FuzzTarget.Mutation {
    private static final int MAX_CHANGES = 4;
    private static final int MAX_DEPTH = 12;
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        13,
        64,
        255,
        256,
        65_535,
        65_536,
        1 << 20,
        1 << 24,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -3
    };

    /** One field of a message: its key, and a number, or bytes that may be a message themselves. */
    private static final class Field {
        private final long key;
        private long number;
        private byte[] bytes;
        private List<Field> message;

        Field(long key, long number, byte[] bytes, List<Field> message) {
            this.key = key;
            this.number = number;
            this.bytes = bytes;
            this.message = message;
        }

        Field copy() {
            return new Field(
                    key,
                    number,
                    bytes,
                    new ArrayList<>(message.stream().map(Field::copy).toList()));
        }
    }

    @Override
    public byte[] mutate(byte[] seed, List<byte[]> others, Random random) {
        Optional<List<Field>> parsed = parse(seed, 0);
        if (parsed.isEmpty()) {
            return new ByteMutation().mutate(seed, others, random);
        }
        List<Field> root = parsed.get();
        Optional<List<Field>> other = parse(others.get(random.nextInt(others.size())), 0);
        int changes = 1 + random.nextInt(MAX_CHANGES);
        for (int i = 0; i < changes; i++) {
            change(root, other.orElse(root), random);
        }
        return format(root);
    }

    private static void change(List<Field> root, List<Field> other, Random random) {
        List<List<Field>> messages = new ArrayList<>();
        collect(root, messages);
        List<Field> fields = messages.get(random.nextInt(messages.size()));
        if (fields.isEmpty()) {
            return;
        }
        int at = random.nextInt(fields.size());
        Field field = fields.get(at);
        switch (random.nextInt(10)) {
            case 0 -> fields.remove(at);
            case 1 -> fields.add(random.nextInt(fields.size() + 1), field.copy());
            case 2 -> fields.set(at, fields.set(random.nextInt(fields.size()), field));
            case 3 -> takeOver(fields, at, other, random);
            default -> changeValue(field, root, random);
        }
    }

    /** Replaces a field by one of the same key from anywhere else. */
    private static void takeOver(List<Field> fields, int at, List<Field> other, Random random) {
        List<List<Field>> messages = new ArrayList<>();
        collect(other, messages);
        List<Field> fitting = messages.stream()
                .flatMap(List::stream)
                .filter(field -> field.key == fields.get(at).key)
                .toList();
        if (!fitting.isEmpty()) {
            fields.set(at, fitting.get(random.nextInt(fitting.size())).copy());
        }
    }

    private static void changeValue(Field field, List<Field> root, Random random) {
        if (!field.message.isEmpty()) {
            change(field.message, root, random);
            return;
        }
        field.number = switch (random.nextInt(4)) {
            case 0 -> field.number + random.nextInt(5) - 2;
            case 1 -> field.number ^ 1L << random.nextInt(64);
            default -> NUMBERS[random.nextInt(NUMBERS.length)];
        };
        if (field.bytes.length > 0 && random.nextInt(3) > 0) {
            field.bytes = new ByteMutation().mutate(field.bytes, List.of(field.bytes), random);
        } else if (random.nextBoolean()) {
            field.bytes = anyBytes(root, random);
        }
    }

    /** Bytes that stand elsewhere, such as another name. */
    private static byte[] anyBytes(List<Field> root, Random random) {
        List<List<Field>> messages = new ArrayList<>();
        collect(root, messages);
        List<Field> fields = messages.get(random.nextInt(messages.size()));
        return fields.isEmpty() ? new byte[0] : fields.get(random.nextInt(fields.size())).bytes;
    }

    private static void collect(List<Field> message, List<List<Field>> into) {
        into.add(message);
        for (Field field : message) {
            if (!field.message.isEmpty()) {
                collect(field.message, into);
            }
        }
    }

    private static Optional<List<Field>> parse(byte[] bytes, int depth) {
        List<Field> fields = new ArrayList<>();
        int[] at = {0};
        while (at[0] < bytes.length) {
            long key = varint(bytes, at);
            int kind = (int) key & 7;
            if (at[0] > bytes.length || key >>> 3 == 0 || key >>> 3 > 1000) {
                return Optional.empty();
            }
            switch (kind) {
                case 0 -> fields.add(new Field(key, varint(bytes, at), new byte[0], new ArrayList<>()));
                case 1, 2, 5 -> {
                    long length = kind == 2 ? varint(bytes, at) : kind == 1 ? 8 : 4;
                    if (length < 0 || length > bytes.length - at[0]) {
                        return Optional.empty();
                    }
                    byte[] content = java.util.Arrays.copyOfRange(bytes, at[0], at[0] + (int) length);
                    at[0] += (int) length;
                    List<Field> message = kind == 2 && depth < MAX_DEPTH
                            ? parse(content, depth + 1).orElse(List.of())
                            : List.of();
                    fields.add(new Field(key, 0, content, new ArrayList<>(message)));
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return at[0] == bytes.length ? Optional.of(fields) : Optional.empty();
    }

    /** Runs past the end, which the caller sees, where the bytes do. */
    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at[0] >= bytes.length) {
                at[0] = bytes.length + 1;
                return value;
            }
            byte next = bytes[at[0]++];
            value |= shift < 64 ? (next & 0x7FL) << shift : 0;
            if (next >= 0) {
                return value;
            }
        }
        at[0] = bytes.length + 1;
        return value;
    }

    private static byte[] format(List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            writeVarint(out, field.key);
            byte[] content = field.message.isEmpty() ? field.bytes : format(field.message);
            switch ((int) field.key & 7) {
                case 0 -> writeVarint(out, field.number);
                case 1 -> out.writeBytes(java.util.Arrays.copyOf(content, 8));
                case 5 -> out.writeBytes(java.util.Arrays.copyOf(content, 4));
                default -> {
                    writeVarint(out, content.length);
                    out.writeBytes(content);
                }
            }
        }
        return out.toByteArray();
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
