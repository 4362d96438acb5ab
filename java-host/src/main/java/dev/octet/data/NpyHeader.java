package dev.octet.data;

import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of NumPy's {@code .npy} format, versions 1 to 3: element type, shape, and where the elements begin. Little
 * endian, row-major numbers only.
 *
 * @param sizeBytes of the head; the elements follow
 */
record NpyHeader(DType dtype, Shape shape, long sizeBytes) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** NumPy itself refuses longer ones by default. */
    private static final int MAX_TEXT = 10_000;

    private static final int ALIGNMENT = 64;

    private static final Map<String, DType> TYPES = Map.ofEntries(
            Map.entry("f4", DType.F32),
            Map.entry("f8", DType.F64),
            Map.entry("f2", DType.F16),
            Map.entry("i8", DType.S64),
            Map.entry("i4", DType.S32),
            Map.entry("i2", DType.S16),
            Map.entry("i1", DType.S8),
            Map.entry("u8", DType.U64),
            Map.entry("u4", DType.U32),
            Map.entry("u2", DType.U16),
            Map.entry("u1", DType.U8),
            Map.entry("b1", DType.BOOL));

    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*(['\"][^'\"]*['\"]|\\[)");
    private static final Pattern ORDER = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    long dataBytes() {
        return dtype.sizeBytes(shape.elementCount());
    }

    /**
     * Memory for the elements, on the Java heap.
     *
     * @param place what is read, for messages
     */
    Tensor allocate(String place) {
        return allocate(shape, place);
    }

    /** Memory for elements of this type in another shape. */
    Tensor allocate(Shape part, String place) {
        try {
            return Tensor.allocate(dtype, part);
        } catch (LimitException e) {
            throw new LimitException(place + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the head.
     *
     * @param place what is read, for messages
     * @throws InputException if it is no such head, or of a type or order that is not supported
     */
    static NpyHeader read(InputStream in, String place) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC)) {
            throw new InputException(place + " is not a .npy file");
        }
        int version = start[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new InputException(place + " has .npy version " + version + ", known are 1 to 3");
        }
        byte[] length = in.readNBytes(version == 1 ? 2 : 4);
        long textBytes = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            textBytes = textBytes << 8 | Byte.toUnsignedLong(length[i]);
        }
        if (textBytes > MAX_TEXT) {
            throw new InputException(place + " has a header of " + textBytes + " bytes, more than " + MAX_TEXT);
        }
        byte[] text = in.readNBytes((int) textBytes);
        if (text.length < textBytes || length.length < (version == 1 ? 2 : 4)) {
            throw new InputException(place + " ends within its header");
        }
        long sizeBytes = (long) start.length + length.length + textBytes;
        return parse(new String(text, StandardCharsets.UTF_8), sizeBytes, place);
    }

    private static NpyHeader parse(String text, long sizeBytes, String place) {
        String descr = find(DESCR, text, "descr", place);
        DType dtype = dtype(descr, place);
        Shape shape = shape(find(SHAPE, text, "shape", place), place);
        boolean fortran = find(ORDER, text, "fortran_order", place).equals("True");
        boolean oneOrder = Arrays.stream(shape.dims()).filter(dim -> dim != 1).count() <= 1;
        if (fortran && !oneOrder) {
            throw new InputException(place + " is in Fortran order; save it with numpy.ascontiguousarray");
        }
        try {
            Math.addExact(sizeBytes, dtype.sizeBytes(shape.elementCount()));
        } catch (ArithmeticException e) {
            throw new InputException(place + " claims the impossible size " + dtype.label() + shape, e);
        }
        return new NpyHeader(dtype, shape, sizeBytes);
    }

    private static String find(Pattern pattern, String text, String key, String place) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new InputException(place + " has no valid " + key + " in its header");
        }
        return matcher.group(1);
    }

    private static DType dtype(String quoted, String place) {
        String descr = quoted.length() < 2 ? quoted : quoted.substring(1, quoted.length() - 1);
        String type = descr.startsWith("<") || descr.startsWith("|") ? descr.substring(1) : "";
        DType dtype = TYPES.get(type);
        if (dtype == null) {
            throw new InputException(
                    place + " has elements of type " + descr + "; only little-endian numbers are supported");
        }
        return dtype;
    }

    private static Shape shape(String text, String place) {
        String list = text.replace("L", "").strip();
        try {
            return Shape.of(Arrays.stream(list.split(","))
                    .map(String::strip)
                    .filter(number -> !number.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray());
        } catch (IllegalArgumentException | LimitException e) {
            throw new InputException(place + " has the shape (" + list + "), which is too large or malformed", e);
        }
    }

    /** The head of a file for a tensor, version 1, padded so that the elements are 64-byte aligned. */
    static byte[] write(DType dtype, Shape shape) {
        String code = TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == dtype)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> ModelException.unsupported("NumPy has no type for " + dtype.label()));
        StringBuilder dims = new StringBuilder();
        for (long dim : shape.dims()) {
            dims.append(dim).append(shape.rank() == 1 ? "," : ", ");
        }
        String tuple = shape.rank() > 1 ? dims.substring(0, dims.length() - 2) : dims.toString();
        String text = "{'descr': '" + (code.endsWith("1") ? "|" : "<") + code + "', 'fortran_order': False, 'shape': ("
                + tuple + "), }";
        int unpadded = MAGIC.length + 4 + text.length() + 1;
        String padded = text + " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(MAGIC);
        out.writeBytes(new byte[] {1, 0});
        out.writeBytes(ByteBuffer.allocate(2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) padded.length())
                .array());
        out.writeBytes(padded.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }
}
