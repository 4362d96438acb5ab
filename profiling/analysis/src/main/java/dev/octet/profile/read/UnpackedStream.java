package dev.octet.profile.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** What a gzip file holds, unless that is out of proportion: a megabyte can hold a gigabyte of blanks. */
final class UnpackedStream extends FilterInputStream {
    /** Traces pack to a tenth or a thirtieth. */
    private static final long MAX_RATIO = 100;

    private static final long ALWAYS_ALLOWED = 64 << 20;

    private final Path file;
    private final long maxBytes;
    private long bytes;

    /** @param packed the file's own bytes */
    UnpackedStream(Path file, InputStream packed, int bufferBytes) throws IOException {
        super(new GZIPInputStream(packed, bufferBytes));
        this.file = file;
        this.maxBytes = Math.max(ALWAYS_ALLOWED, MAX_RATIO * Files.size(file));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count;
        try {
            count = super.read(into, offset, length);
        } catch (StackOverflowError e) {
            // The JDK calls itself for each member that holds nothing.
            throw new ProfileException(file, "is gzip of thousands of empty members", e);
        }
        bytes += Math.max(0, count);
        if (bytes > maxBytes) {
            throw ProfileException.limit(
                    file, "unpacks to more than " + MAX_RATIO + " times its size: no profile does, unpack it first");
        }
        return count;
    }
}
