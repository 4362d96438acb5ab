package dev.octet.data;

import dev.octet.graph.Dim;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.DType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Writes data for tests. */
final class SampleFiles {
    private SampleFiles() {}

    /** A graph input; an extent of -1 is symbolic. */
    static ValueInfo input(String name, DType dtype, long... dims) {
        List<Dim> list = new ArrayList<>();
        for (long dim : dims) {
            list.add(dim < 0 ? new Dim.Symbol("n") : new Dim.Known(dim));
        }
        return new ValueInfo(name, dtype, Optional.of(list));
    }

    /** Red grows with x, green with y, blue is {@code blue}. */
    static Path png(Path file, int width, int height, int blue) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x << 16 | y << 8 | blue);
            }
        }
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("no PNG writer");
        }
        return file;
    }

    /** {@code count} images of 8x6 with labels 0, 1, 2, .. */
    static void imageFolder(Path folder, int count) throws IOException {
        StringBuilder table = new StringBuilder("file,label\n");
        for (int i = 0; i < count; i++) {
            png(folder.resolve("i" + i + ".png"), 8, 6, i);
            table.append("i").append(i).append(".png,").append(i).append('\n');
        }
        Files.writeString(folder.resolve("labels.csv"), table);
    }

    /** A serialized TensorProto f32[1,2]. */
    static void tensorProto(Path file, float first, float second) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x08, 1, 0x08, 2, 0x10, 1, 0x4A, 8});
        for (float value : new float[] {first, second}) {
            int bits = Float.floatToIntBits(value);
            out.writeBytes(new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
        }
        Files.createDirectories(file.getParent());
        Files.write(file, out.toByteArray());
    }
}
