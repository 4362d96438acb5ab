package dev.octet.calib;

import dev.octet.io.AtomicFile;
import dev.octet.io.InputFiles;
import dev.octet.io.OutputException;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Range tables as files: Octet's own JSON, or the text of a TensorRT calibration cache. Files are recognized by their
 * content, and written as a cache where the name ends in {@code .cache}, else as JSON. Equal tables give equal bytes.
 */
public final class RangeFile {
    private static final long MAX_SIZE_BYTES = 64L << 20;

    private RangeFile() {}

    /**
     * Reads a table of either form.
     *
     * @throws InputException if the file cannot be read or is neither
     */
    public static RangeTable read(Path file) {
        String text = text(file);
        return text.startsWith(TensorRtCache.PREFIX)
                ? TensorRtCache.parse(text, file.toString())
                : RangeJson.parse(text, file.toString());
    }

    private static String text(Path file) {
        try {
            if (Files.size(InputFiles.requireRegular(file)) > MAX_SIZE_BYTES) {
                throw new LimitException(file + ": larger than " + MAX_SIZE_BYTES + " bytes, not a range table");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": not a range table: the file is not UTF-8 text", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Writes a table; the file appears whole or not at all.
     *
     * @throws OutputException if the file cannot be written
     */
    public static void write(Path file, RangeTable table) throws OutputException {
        AtomicFile.write(file, format(file, table));
    }

    /** What the file of this name is to hold. */
    public static String format(Path file, RangeTable table) {
        boolean cache = file.toString().toLowerCase(Locale.ROOT).endsWith(".cache");
        return cache ? TensorRtCache.format(table, TensorRtCache.DEFAULT_HEADER) : RangeJson.format(table);
    }
}
