package dev.octet.onnx;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Reads a memory segment; skipping costs nothing. */
final class SegmentInputStream extends InputStream {
    private final MemorySegment source;
    private long position;

    SegmentInputStream(MemorySegment source) {
        this.source = source;
    }

    @Override
    public int read() {
        return position < source.byteSize() ? Byte.toUnsignedInt(source.get(ValueLayout.JAVA_BYTE, position++)) : -1;
    }

    @Override
    public int read(byte[] target, int start, int length) {
        Objects.checkFromIndexSize(start, length, target.length);
        int count = (int) Math.min(length, source.byteSize() - position);
        if (count == 0 && length > 0) {
            return -1;
        }
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, position, target, start, count);
        position += count;
        return count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.clamp(count, 0, source.byteSize() - position);
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, source.byteSize() - position);
    }
}
