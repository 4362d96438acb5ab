package dev.octet.fuzz;

import dev.octet.data.NpyFile;
import dev.octet.data.NpzFile;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Well-formed bytes of every kind. */
final class FuzzSeeds {
    private static final long MAX_MODEL_BYTES = 3000;

    private FuzzSeeds() {}

    /** Small models of the conformance sets. */
    static List<byte[]> models() throws IOException {
        List<byte[]> models = new ArrayList<>();
        try (Stream<Path> all = Files.walk(SharedData.conformance())) {
            for (Path path : all.filter(path ->
                            path.toString().endsWith(".onnx") && path.toFile().length() < MAX_MODEL_BYTES)
                    .sorted()
                    .toList()) {
                models.add(Files.readAllBytes(path));
            }
        }
        return models;
    }

    static List<byte[]> ranges() {
        return texts("""
                {"format": "octet-ranges", "version": 1, "provenance": {"bins": 4, "dataSha256": "ab", "method": "max",
                 "modelSha256": "cd", "octetVersion": "0.1.0", "samples": 3, "scheme": "auto"},
                 "ranges": {"x": {"rangeMin": -1.5, "rangeMax": 2e3, "amin": -2.0, "amax": 2000.0, "count": 7,
                 "histogram": {"amin": -2.0, "amax": 2.0, "counts": [1, 0, 5, 1]}, "channelMeans": [0.5, -1]},
                 "y": {"rangeMin": 0, "rangeMax": 1}}}
                """, "TRT-8501-EntropyCalibration2\nx: 3c008912\nconv/a:0: 4000889d\n", """
                TRT-100300-MinMaxCalibration
                (Unnamed Layer* 3) [Convolution]_output: 00000000\r
                y: 7f7fffff
                """);
    }

    static List<byte[]> arrays(Path folder) throws IOException {
        Path file = folder.resolve("seed.npy");
        List<byte[]> arrays = new ArrayList<>();
        for (DType dtype : List.of(DType.F32, DType.F64, DType.F16, DType.S64, DType.U8, DType.BOOL)) {
            NpyFile.write(file, Tensor.allocate(dtype, Shape.of(2, 3)));
            arrays.add(Files.readAllBytes(file));
        }
        arrays.addAll(texts(
                "\u0093NUMPY\2\0\u0036\0\0\0{'descr': '<f4', 'fortran_order': True, 'shape': (1, 3)}\n000011112222",
                "\u0093NUMPY\3\0\u0036\0\0\0{'shape': (3,), 'descr': [('a', '<f4')], 'fortran_order': 0}\n0000"));
        return arrays;
    }

    /** Zip files, and arrays to be put into one. */
    static List<byte[]> archives(Path folder) throws IOException {
        Path file = folder.resolve("seed.npz");
        NpzFile.write(file, Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3)));
        List<byte[]> archives = new ArrayList<>(arrays(folder));
        archives.add(Files.readAllBytes(file));
        NpzFile.write(file, Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3), "label", Tensor.vector(2)));
        archives.add(Files.readAllBytes(file));
        return archives;
    }

    static List<byte[]> tensors() {
        byte[] floats = {0x08, 1, 0x08, 2, 0x10, 1, 0x42, 1, 'x', 0x4A, 8, 0, 0, 0x20, 0x41, 0, 0, 0x40, 0x40};
        byte[] packed = {0x08, 3, 0x10, 7, 0x3A, 3, 1, 2, 3};
        return List.of(floats, packed);
    }

    static List<byte[]> images() throws IOException {
        List<byte[]> images = new ArrayList<>();
        for (int type : new int[] {
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY
        }) {
            BufferedImage image = new BufferedImage(9, 7, type);
            for (int i = 0; i < 63; i++) {
                image.setRGB(i % 9, i / 9, i * 0x010307 | 0xFF000000);
            }
            for (String format : List.of("png", "jpg", "gif", "bmp")) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                if (ImageIO.write(image, format, out)) {
                    images.add(out.toByteArray());
                }
            }
        }
        return images;
    }

    static List<byte[]> labels() {
        return texts(
                "file,label\ni.png,3\n",
                "file,label\n\"i.png\",0\n",
                "\uFEFFfile,label\r\nsub/i.png,-1\r\n\r\ni.png, 7\r\n");
    }

    static List<byte[]> profiles(Path folder) throws IOException {
        List<byte[]> profiles = new ArrayList<>(texts("""
                Time (%),Total Time (ns),Instances,Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Name
                75.0,1500,3,500,400,300,800,100,"void k<int, float>(a, ""b"")"
                25.0,500,1,500,500,500,500,0,ampere_sgemm_128x64_tn
                """, """
                "ID","Process ID","Kernel Name","Block Size","Metric Name","Metric Unit","Metric Value"
                "0","1","k","(128, 1, 1)","Duration","usecond","3.5"
                "0","1","k","(128, 1, 1)","sm__inst_executed_pipe_tensor.sum","inst","1,024"
                """, """
                {"schemaVersion": 1, "traceEvents": [
                 {"ph": "X", "cat": "cpu_op", "name": "aten::mm", "ts": 1, "dur": 9, "args": {"External id": 5}},
                 {"ph": "X", "cat": "kernel", "name": "ampere_sgemm", "ts": 2.5, "dur": 3,
                  "args": {"External id": 5, "stream": 7}}]}
                """, """
                [{"cat": "Node", "pid": 1, "tid": 2, "dur": 10, "ts": 1, "ph": "X", "name": "Conv_0_kernel_time",
                  "args": {"op_name": "Conv", "provider": "CPUExecutionProvider"}}]
                """));
        profiles.add(database(folder));
        return profiles;
    }

    private static byte[] database(Path folder) throws IOException {
        Path file = folder.resolve("seed.sqlite");
        Files.deleteIfExists(file);
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = database.createStatement()) {
            statement.execute("PRAGMA page_size = 512");
            statement.execute("CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT)");
            statement.execute("CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT NOT NULL)");
            statement.execute("INSERT INTO StringIds VALUES (1, 'octet_i16832_gemm_s8'), (3, 'conv1')");
            statement.execute("CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL"
                    + " (start INTEGER, end INTEGER, correlationId INTEGER, globalPid INTEGER, demangledName INTEGER)");
            statement.execute("INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (10, 13, 1, 16777216, 1)");
            statement.execute("CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME"
                    + " (start INTEGER, end INTEGER, globalTid INTEGER, correlationId INTEGER)");
            statement.execute("INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (5, 6, 16777219, 1)");
            statement.execute("CREATE TABLE NVTX_EVENTS"
                    + " (start INTEGER, end INTEGER, eventType INTEGER, text TEXT, textId INTEGER, globalTid INTEGER)");
            statement.execute("INSERT INTO NVTX_EVENTS VALUES (1, 30, 59, NULL, 3, 16777219)");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return Files.readAllBytes(file);
    }

    private static List<byte[]> texts(String... texts) {
        return Arrays.stream(texts)
                .map(text ->
                        text.getBytes(text.startsWith("\u0093") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8))
                .toList();
    }
}
