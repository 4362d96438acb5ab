package dev.octet.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes, inserts, deletes, copies and exchanges bytes, and digits of numbers in texts, a few times. */
final class ByteMutation implements FuzzTarget.Mutation {
    private static final int MAX_CHANGES = 4;
    private static final int MAX_BLOCK = 32;
    private static final List<String> TOKENS = List.of(
            "-1",
            "0",
            "1e999",
            "NaN",
            "-0",
            "9223372036854775808",
            "2147483648",
            "\"",
            "[",
            "{",
            ",",
            "\n",
            "\0",
            "é",
            "65536",
            "null",
            "1e-400",
            "..",
            "(",
            "\\u0000",
            "1E+999999999");

    @Override
    public byte[] mutate(byte[] seed, List<byte[]> others, Random random) {
        byte[] bytes = seed;
        int changes = 1 + random.nextInt(MAX_CHANGES);
        for (int i = 0; i < changes; i++) {
            bytes = change(bytes, others, random);
        }
        return bytes;
    }

    private static byte[] change(byte[] bytes, List<byte[]> others, Random random) {
        int at = random.nextInt(bytes.length + 1);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(MAX_BLOCK));
        return switch (random.nextInt(8)) {
            case 0 -> replace(bytes, at, Math.min(1, length), new byte[] {(byte) random.nextInt()});
            case 1 -> replace(bytes, at, Math.min(1, length), new byte[] {flipped(bytes, at, random)});
            case 2 -> replace(bytes, at, Math.min(1, length), new byte[] {(byte) (random.nextBoolean() ? 0xFF : 0x7F)});
            case 3 -> replace(bytes, at, length, new byte[0]);
            case 4 -> replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 5 -> replace(bytes, at, random.nextBoolean() ? length : 0, token(random));
            case 6 -> replace(bytes, at, length, block(others.get(random.nextInt(others.size())), random));
            default -> random.nextInt(8) == 0 ? Arrays.copyOf(bytes, at) : replace(bytes, at, 0, block(bytes, random));
        };
    }

    private static byte flipped(byte[] bytes, int at, Random random) {
        return at < bytes.length ? (byte) (bytes[at] ^ 1 << random.nextInt(8)) : 0;
    }

    private static byte[] token(Random random) {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static byte[] block(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(MAX_BLOCK)));
    }

    /** The bytes with {@code length} of them at {@code at} replaced. */
    static byte[] replace(byte[] bytes, int at, int length, byte[] by) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - length + by.length);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
        return result;
    }
}
