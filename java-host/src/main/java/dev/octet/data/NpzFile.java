package dev.octet.data;

import dev.octet.io.AtomicFile;
import dev.octet.io.InputFiles;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A file with several named arrays in NumPy's {@code .npz} format: a zip file of {@code .npy} entries. */
public final class NpzFile {
    /** Deflate cannot do better than 1032 to 1: what claims more is lying. */
    private static final long MAX_DEFLATE_RATIO = 1032;

    /** Slack for tiny entries. */
    private static final long FREE_BYTES = 1 << 16;

    /** Arrays of one file together; more belongs into .npy files, which are read row by row. */
    private static final long MAX_TOTAL_BYTES = 1L << 30;

    private static final int MAX_ENTRIES = 10_000;

    private static final int CHUNK_BYTES = 1 << 16;

    /** The oldest time a zip file can hold. */
    private static final LocalDateTime ZIP_EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final String SUFFIX = ".npy";

    private NpzFile() {}

    /**
     * Reads all arrays to the Java heap, by name without the suffix, in the file's order.
     *
     * @throws InputException naming the file and the entry
     */
    public static Map<String, Tensor> read(Path path) {
        try (ZipFile zip = new ZipFile(InputFiles.requireRegular(path).toFile())) {
            if (zip.size() > MAX_ENTRIES) {
                throw new InputException(path + " has " + zip.size() + " entries, more than " + MAX_ENTRIES);
            }
            Map<String, Tensor> arrays = new LinkedHashMap<>();
            long left = MAX_TOTAL_BYTES;
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().endsWith(SUFFIX)) {
                    Tensor array = read(zip, entry, left, path + "!" + entry.getName());
                    left -= array.data().byteSize();
                    String name = entry.getName();
                    if (arrays.put(name.substring(0, name.length() - SUFFIX.length()), array) != null) {
                        throw new InputException(path + " has the entry " + name + " twice");
                    }
                }
            }
            return arrays;
        } catch (IOException e) {
            throw new InputException("cannot read " + path + ": " + Failures.reason(e), e);
        }
    }

    private static Tensor read(ZipFile zip, ZipEntry entry, long left, String place) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            NpyHeader header = NpyHeader.read(in, place);
            long size = header.dataBytes();
            long possible = FREE_BYTES + MAX_DEFLATE_RATIO * Math.max(0, entry.getCompressedSize());
            if (size > left) {
                throw new LimitException(
                        place + " claims " + size + " bytes, the limit of all arrays of a file is " + MAX_TOTAL_BYTES);
            }
            if (size > possible) {
                throw new InputException(place + " claims " + size + " bytes, more than its compressed size allows");
            }
            Tensor tensor = header.allocate(place);
            if (!fill(tensor.data(), in) || in.read() >= 0) {
                throw new InputException(place + " does not have the " + size + " bytes its header says for "
                        + header.dtype().label() + header.shape());
            }
            return tensor;
        }
    }

    /** Reads until the segment is full, and says whether there was enough. */
    private static boolean fill(MemorySegment data, InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long at = 0; at < data.byteSize(); ) {
            int read = in.read(chunk, 0, (int) Math.min(CHUNK_BYTES, data.byteSize() - at));
            if (read < 0) {
                return false;
            }
            MemorySegment.copy(MemorySegment.ofArray(chunk), 0, data, at, read);
            at += read;
        }
        return true;
    }

    /** Writes arrays, compressed; the file appears whole or not at all, and is the same whenever it is written. */
    public static void write(Path path, Map<String, Tensor> arrays) throws IOException {
        try (AtomicFile file = AtomicFile.create(path)) {
            ZipOutputStream zip = new ZipOutputStream(file.out());
            for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
                entry.setTimeLocal(ZIP_EPOCH);
                zip.putNextEntry(entry);
                NpyFile.write(zip, array.getValue());
                zip.closeEntry();
            }
            zip.finish();
            file.commit();
        }
    }
}
