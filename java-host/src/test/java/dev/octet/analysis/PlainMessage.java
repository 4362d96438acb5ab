package dev.octet.analysis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fields of a protobuf message by their numbers, read without the product's reader. */
final class PlainMessage {
    private final Map<Integer, List<byte[]>> bytes = new HashMap<>();
    private final Map<Integer, List<Long>> numbers = new HashMap<>();

    PlainMessage(byte[] message) {
        ByteBuffer rest = ByteBuffer.wrap(message);
        while (rest.hasRemaining()) {
            long tag = number(rest);
            int field = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> numbers.computeIfAbsent(field, _ -> new ArrayList<>()).add(number(rest));
                case 1 -> rest.getLong();
                case 2 -> {
                    byte[] value = new byte[Math.toIntExact(number(rest))];
                    rest.get(value);
                    bytes.computeIfAbsent(field, _ -> new ArrayList<>()).add(value);
                }
                case 5 -> rest.getInt();
                default -> throw new IllegalStateException("wire type of tag " + tag);
            }
        }
    }

    private static long number(ByteBuffer rest) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = rest.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    List<PlainMessage> messages(int field) {
        return bytes.getOrDefault(field, List.of()).stream()
                .map(PlainMessage::new)
                .toList();
    }

    List<String> texts(int field) {
        return bytes.getOrDefault(field, List.of()).stream()
                .map(text -> new String(text, StandardCharsets.UTF_8))
                .toList();
    }

    String text(int field) {
        return texts(field).isEmpty() ? "" : texts(field).getFirst();
    }

    /** A repeated number, packed or not. */
    List<Long> numbers(int field) {
        List<Long> all = new ArrayList<>(numbers.getOrDefault(field, List.of()));
        for (byte[] packed : bytes.getOrDefault(field, List.of())) {
            ByteBuffer rest = ByteBuffer.wrap(packed);
            while (rest.hasRemaining()) {
                all.add(number(rest));
            }
        }
        return all;
    }

    long number(int field, long absent) {
        List<Long> all = numbers(field);
        return all.isEmpty() ? absent : all.getFirst();
    }
}
