package dev.octet.calib;

import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Identifies a set of samples by content, whatever their order: the SHA-256 of the sorted SHA-256s of the samples, each
 * over its inputs' names, types, shapes and bytes in the order of the names. Repeated samples count. Not thread-safe.
 */
public final class DataDigest {
    private static final int CHUNK = 1 << 16;

    private final List<String> samples = new ArrayList<>();

    /** Takes in one sample: a tensor for each input by name. */
    public void add(Map<String, Tensor> inputs) {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        new TreeMap<>(inputs).forEach((name, tensor) -> {
            digest.update((name + '\0' + tensor + '\0').getBytes(StandardCharsets.UTF_8));
            long size = tensor.data().byteSize();
            for (long first = 0; first < size; first += CHUNK) {
                int length = (int) Math.min(CHUNK, size - first);
                MemorySegment.copy(tensor.data(), Tensor.S8_LAYOUT, first, chunk, 0, length);
                digest.update(chunk, 0, length);
            }
        });
        samples.add(HexFormat.of().formatHex(digest.digest()));
    }

    /** The digest of all samples so far, in lower-case hexadecimal. */
    public String hex() {
        MessageDigest digest = sha256();
        samples.stream().sorted().forEach(sample -> digest.update(sample.getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
