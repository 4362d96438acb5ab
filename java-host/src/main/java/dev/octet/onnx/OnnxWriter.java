package dev.octet.onnx;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.OpType;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.TypeCodes;
import dev.octet.io.FileHash;
import dev.octet.io.OutputFiles;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a graph as an ONNX model: operator set 21 or the lowest that has all its operators' forms. The same graph gives
 * the same bytes. Files appear whole or not at all.
 *
 * <p>A file of weights is named by the model and a hash of its content, {@code net.onnx.0123456789abcdef.data}: an older
 * model of the same name refers to another file, which is deleted only once the new model is in place, so at no moment
 * does a model stand beside the weights of another.
 */
public final class OnnxWriter {
    /** Where weights go. */
    public enum Weights {
        /** Into the model, or beside it if the model would exceed protobuf's 2 GiB. */
        AUTO,
        /** Those of {@value OnnxWriter#MIN_EXTERNAL_BYTES} bytes or more into a file beside the model. */
        BESIDE
    }

    static final int MIN_EXTERNAL_BYTES = 1024;

    /** Digits of the hash in the name of the weights: enough that no two versions of a model ever share it. */
    private static final int HASH_DIGITS = 16;

    private static final String DATA_SUFFIX = ".data";

    /** Begins of tensors in the file of weights: a page, so that readers can map them. */
    private static final long DATA_ALIGNMENT_BYTES = 4096;

    private static final int COPY_BYTES = 1 << 20;
    private static final String PRODUCER = "octet";

    private final Graph graph;
    private final Path target;

    private OnnxWriter(Graph graph, Path target) {
        this.graph = graph;
        this.target = target;
    }

    /** Message bytes, then those of a tensor, which are not copied. */
    private record Piece(byte[] head, MemorySegment tail) {
        long sizeBytes() {
            return head.length + tail.byteSize();
        }
    }

    /** Writes a model, replacing the file if there is one. */
    public static void write(Graph graph, Path target) throws IOException {
        write(graph, target, Weights.AUTO);
    }

    /** Writes a model, replacing the file if there is one. */
    public static void write(Graph graph, Path target, Weights weights) throws IOException {
        try (OutputFiles files = new OutputFiles()) {
            write(graph, target, weights, files);
            files.commit();
        }
    }

    /**
     * Adds a model to files that appear together.
     *
     * @throws IllegalArgumentException if the graph has operators that only plans contain
     */
    public static void write(Graph graph, Path target, Weights weights, OutputFiles files) throws IOException {
        for (Node node : graph.nodes()) {
            if (node.op().type().domain().equals(OpType.INTERNAL)) {
                throw new IllegalArgumentException(node.describe() + " is not an ONNX operator: lowered for execution");
            }
        }
        new OnnxWriter(graph, target).write(weights, files);
    }

    private void write(Weights weights, OutputFiles files) throws IOException {
        List<Piece> inline = inlineConstants();
        byte[] head = modelHead();
        byte[] front = graphFront();
        byte[] back = graphBack();
        long tensors = inline.stream().mapToLong(Piece::sizeBytes).sum();
        boolean fits = tensors + head.length + front.length + back.length < Integer.MAX_VALUE - 16;
        boolean beside = (weights == Weights.BESIDE || !fits)
                && graph.constants().values().stream().anyMatch(OnnxWriter::isExternal);
        String dataName = beside ? dataName() : "";
        List<Piece> pieces = beside ? externalConstants(dataName) : inline;
        long length = front.length
                + back.length
                + pieces.stream().mapToLong(Piece::sizeBytes).sum();
        if (beside) {
            writeData(files.add(target.resolveSibling(dataName)).out());
        }
        OutputStream out = files.add(target).out();
        out.write(head);
        out.write(new MessageWriter().header(7, length).toBytes());
        out.write(front);
        for (Piece piece : pieces) {
            out.write(piece.head);
            copy(piece.tail, out);
        }
        out.write(back);
        dropOlderData(dataName, files);
    }

    private String dataName() throws IOException {
        MessageDigest digest = FileHash.sha256();
        writeData(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        String hash = HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
        return target.getFileName() + "." + hash + DATA_SUFFIX;
    }

    /** What an older model of this name leaves behind. */
    private void dropOlderData(String dataName, OutputFiles files) throws IOException {
        Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
        Pattern older = Pattern.compile(Pattern.quote(target.getFileName() + ".") + "[0-9a-f]{" + HASH_DIGITS + "}"
                + Pattern.quote(DATA_SUFFIX));
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(file -> {
                        String name = file.getFileName().toString();
                        return older.matcher(name).matches() && !name.equals(dataName);
                    })
                    .forEach(files::drop);
        }
    }

    private byte[] modelHead() {
        OpsetChoice versions = OpsetChoice.of(graph);
        return new MessageWriter()
                .varint(1, versions.irVersion())
                .text(2, PRODUCER)
                .message(8, new MessageWriter().text(1, "").varint(2, versions.opset()))
                .toBytes();
    }

    private byte[] graphFront() {
        MessageWriter message = new MessageWriter();
        graph.nodes().forEach(node -> message.message(1, node(node)));
        return message.text(2, graph.name().isEmpty() ? "graph" : graph.name()).toBytes();
    }

    private byte[] graphBack() {
        MessageWriter message = new MessageWriter();
        graph.inputs().forEach(input -> message.message(11, valueInfo(input)));
        graph.outputs().forEach(output -> message.message(12, valueInfo(output)));
        return message.toBytes();
    }

    private static MessageWriter node(Node node) {
        MessageWriter message = new MessageWriter();
        node.inputs().forEach(input -> message.text(1, input));
        node.outputs().forEach(output -> message.text(2, output));
        message.text(3, node.name()).text(4, node.op().type().name());
        AttributeWriter.write(node.op().attributes(), message, 5);
        return message;
    }

    private static MessageWriter valueInfo(ValueInfo info) {
        MessageWriter tensorType = new MessageWriter().varint(1, TypeCodes.code(info.dtype()));
        info.dims().ifPresent(dims -> {
            MessageWriter shape = new MessageWriter();
            dims.forEach(dim -> shape.message(1, dim(dim)));
            tensorType.message(2, shape);
        });
        return new MessageWriter().text(1, info.name()).message(2, new MessageWriter().message(1, tensorType));
    }

    private static MessageWriter dim(Dim dim) {
        return switch (dim) {
            case Dim.Known(long size) -> new MessageWriter().varint(1, size);
            case Dim.Symbol(String name) -> name.isEmpty() ? new MessageWriter() : new MessageWriter().text(2, name);
        };
    }

    private List<Piece> inlineConstants() {
        List<Piece> pieces = new ArrayList<>();
        graph.constants().forEach((name, tensor) -> pieces.add(inline(name, tensor)));
        return pieces;
    }

    private static Piece inline(String name, Tensor tensor) {
        long sizeBytes = tensor.data().byteSize();
        byte[] message =
                AttributeWriter.tensorHeader(name, tensor).header(9, sizeBytes).toBytes();
        byte[] tag = new MessageWriter().header(5, message.length + sizeBytes).toBytes();
        byte[] head = new byte[tag.length + message.length];
        System.arraycopy(tag, 0, head, 0, tag.length);
        System.arraycopy(message, 0, head, tag.length, message.length);
        return new Piece(head, tensor.data());
    }

    private static boolean isExternal(Tensor tensor) {
        return tensor.data().byteSize() >= MIN_EXTERNAL_BYTES;
    }

    private List<Piece> externalConstants(String dataName) {
        List<Piece> pieces = new ArrayList<>();
        long end = 0;
        for (Map.Entry<String, Tensor> constant : graph.constants().entrySet()) {
            Tensor tensor = constant.getValue();
            if (!isExternal(tensor)) {
                pieces.add(inline(constant.getKey(), tensor));
                continue;
            }
            long start = aligned(end);
            end = start + tensor.data().byteSize();
            MessageWriter message = AttributeWriter.tensorHeader(constant.getKey(), tensor)
                    .message(13, entry("location", dataName))
                    .message(13, entry("offset", Long.toString(start)))
                    .message(13, entry("length", Long.toString(end - start)))
                    .varint(14, 1);
            pieces.add(new Piece(new MessageWriter().message(5, message).toBytes(), MemorySegment.NULL));
        }
        return pieces;
    }

    private static MessageWriter entry(String key, String value) {
        return new MessageWriter().text(1, key).text(2, value);
    }

    private static long aligned(long position) {
        return Math.ceilDiv(position, DATA_ALIGNMENT_BYTES) * DATA_ALIGNMENT_BYTES;
    }

    private void writeData(OutputStream out) throws IOException {
        long position = 0;
        for (Tensor tensor : graph.constants().values()) {
            if (isExternal(tensor)) {
                long start = aligned(position);
                out.write(new byte[(int) (start - position)]);
                copy(tensor.data(), out);
                position = start + tensor.data().byteSize();
            }
        }
    }

    private static void copy(MemorySegment bytes, OutputStream out) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += COPY_BYTES) {
            long count = Math.min(COPY_BYTES, bytes.byteSize() - at);
            out.write(bytes.asSlice(at, count).toArray(Tensor.S8_LAYOUT));
        }
    }
}
