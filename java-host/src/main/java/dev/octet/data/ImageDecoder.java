package dev.octet.data;

import dev.octet.io.InputFiles;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes JPEG and PNG files, whatever their suffix. Thread-safe. */
final class ImageDecoder {
    private static final long MAX_FILE_BYTES = 1L << 28;

    /** A PNG of a few kilobytes can claim gigabytes of pixels. */
    private static final long MAX_PIXELS = 1L << 26;

    /** Four channels of 16 bits. */
    private static final int MAX_PIXEL_BITS = 64;

    private static final byte[] JPEG_START = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
    private static final byte[] JPEG_END = {(byte) 0xFF, (byte) 0xD9};
    private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G'};
    private static final byte[] PNG_END = {'I', 'E', 'N', 'D'};

    private final DecodingMemory memory = new DecodingMemory();

    private interface Work<T> {
        T with(ImageReader reader) throws IOException;
    }

    /**
     * Checks that a file is a whole image of a reasonable size by decoding it: damage inside shows only then.
     *
     * @throws IOException saying what is wrong
     */
    void probe(Path path) throws IOException {
        memory.holding(size(path), () -> {
            byte[] bytes = Files.readAllBytes(path);
            boolean png = startsWith(bytes, PNG_START);
            if (!png && !startsWith(bytes, JPEG_START)) {
                throw new IOException("it is neither JPEG nor PNG");
            }
            if (!contains(bytes, png ? PNG_END : JPEG_END)) {
                throw new IOException("it is cut short");
            }
            return bytes.length;
        });
        decode(path);
    }

    private static long size(Path path) throws IOException {
        long size = Files.size(InputFiles.requireRegular(path));
        if (size > MAX_FILE_BYTES) {
            throw new IOException("it has " + size + " bytes, more than " + MAX_FILE_BYTES);
        }
        return size;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /** Whether an end marker occurs; searched from the end, where it is but for trailing bytes. */
    private static boolean contains(byte[] bytes, byte[] marker) {
        for (int at = bytes.length - marker.length; at > 0; at--) {
            if (Arrays.equals(bytes, at, at + marker.length, marker, 0, marker.length)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Decodes to sRGB; an alpha channel is dropped, grey is repeated, an embedded profile of a three-channel image
     * ignored, orientation too.
     *
     * @throws IOException if the file is no image that can be read
     */
    RgbImage decode(Path path) throws IOException {
        long size = size(path);
        long decodedBytes = memory.holding(size, () -> read(Files.readAllBytes(path), ImageDecoder::decodedBytes));
        return memory.holding(size + decodedBytes, () -> decode(Files.readAllBytes(path), decodedBytes));
    }

    private static RgbImage decode(byte[] bytes, long decodedBytes) throws IOException {
        BufferedImage image = read(bytes, reader -> {
            if (decodedBytes(reader) > decodedBytes) {
                throw new IOException("it grew while it was read");
            }
            return reader.read(0, withoutColourConversion(reader));
        });
        return new RgbImage(image.getWidth(), image.getHeight(), colours(image));
    }

    private static <T> T read(byte[] bytes, Work<T> work) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("its format is not known");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return work.with(reader);
            } catch (RuntimeException e) {
                // The decoders throw all sorts on damaged files.
                throw new IOException("it is damaged: " + e.getMessage(), e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** What the pixels take as decoded and as colours. */
    private static long decodedBytes(ImageReader reader) throws IOException {
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MAX_PIXELS || pixels < 1) {
            throw new IOException("it has " + reader.getWidth(0) + "x" + reader.getHeight(0) + " pixels");
        }
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        int bits = types.hasNext() ? types.next().getColorModel().getPixelSize() : MAX_PIXEL_BITS;
        return pixels * (Math.ceilDiv(bits, Byte.SIZE) + RgbImage.CHANNELS);
    }

    /** A JPEG's embedded profile would be applied unless the image is asked for in the profile's own colours. */
    private static ImageReadParam withoutColourConversion(ImageReader reader) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        for (Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0); types.hasNext(); ) {
            ImageTypeSpecifier type = types.next();
            ColorSpace space = type.getColorModel().getColorSpace();
            if (space.getType() == ColorSpace.TYPE_RGB
                    && !space.isCS_sRGB()
                    && type.getNumComponents() == RgbImage.CHANNELS) {
                param.setDestinationType(type);
            }
        }
        return param;
    }

    private static byte[] colours(BufferedImage image) {
        ColorModel model = image.getColorModel();
        boolean plain = model instanceof ComponentColorModel
                && model.getTransferType() == DataBuffer.TYPE_BYTE
                && Arrays.stream(model.getComponentSize()).allMatch(bits -> bits == 8)
                && !model.isAlphaPremultiplied();
        int type = model.getColorSpace().getType();
        if (plain && type == ColorSpace.TYPE_RGB) {
            return bands(image.getRaster(), 1);
        }
        if (plain && type == ColorSpace.TYPE_GRAY) {
            return bands(image.getRaster(), 0);
        }
        return converted(image);
    }

    /** Colours as stored: band {@code channel * bandStep} for each channel. */
    private static byte[] bands(Raster raster, int bandStep) {
        int width = raster.getWidth();
        byte[] colours = new byte[width * raster.getHeight() * RgbImage.CHANNELS];
        int bands = raster.getNumBands();
        int[] row = new int[width * bands];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    colours[at++] = (byte) row[x * bands + channel * bandStep];
                }
            }
        }
        return colours;
    }

    private static byte[] converted(BufferedImage image) {
        byte[] colours = new byte[image.getWidth() * image.getHeight() * RgbImage.CHANNELS];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                colours[at++] = (byte) (rgb >> 16);
                colours[at++] = (byte) (rgb >> 8);
                colours[at++] = (byte) rgb;
            }
        }
        return colours;
    }
}
