package dev.octet.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.testing.BadInputs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** External data whose file somebody exchanges while the model is read. */
class ExternalDataRaceTest {
    private static final long MILLIS = Long.getLong("octet.race.millis", 1000);
    private static final int ELEMENTS = 64;
    private static final float OWN = 1;
    private static final float FOREIGN = 2;

    @TempDir
    private Path folder;

    private Path model() throws IOException {
        Path home = Files.createDirectories(folder.resolve("model"));
        return new TestModel(20)
                .input("x", DType.F32, ELEMENTS)
                .externalConstant("w", "w.bin", ELEMENTS)
                .add(TestModel.node("Add", Attributes.NONE, List.of("x", "w"), "y"))
                .output("y", DType.F32)
                .write(home);
    }

    private static Path write(Path file, float value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * ELEMENTS).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        return Files.write(file, bytes.array());
    }

    /** What a file system object is given the data's name in turn with the data. */
    private interface Exchange {
        void put(Path name) throws IOException;
    }

    /** Reads a model again and again while its data is exchanged: what is read is the data's own, or nothing. */
    private void readWhile(Exchange foreign) throws IOException, InterruptedException {
        Path model = model();
        Path data = model.resolveSibling("w.bin");
        write(data, OWN);
        AtomicBoolean ended = new AtomicBoolean();
        Thread exchanger = Thread.ofPlatform().start(() -> exchange(data, foreign, ended));
        int read = 0;
        int refused = 0;
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
            while (System.nanoTime() < deadline || read + refused == 0) {
                try {
                    Graph graph = OnnxReader.read(model, _ -> {});
                    assertThat(graph.constant("w").orElseThrow().getFloat(ELEMENTS - 1))
                            .isEqualTo(OWN);
                    read++;
                } catch (ModelException e) {
                    assertThat(e).hasMessageContaining("w.bin").hasMessageNotContaining("shadow");
                    refused++;
                }
            }
        } finally {
            ended.set(true);
            exchanger.join();
        }
        assertThat(refused).isPositive();
    }

    private void exchange(Path data, Exchange foreign, AtomicBoolean ended) {
        Path other = data.resolveSibling("other");
        try {
            for (long i = 0; !ended.get(); i++) {
                Files.deleteIfExists(other);
                if (i % 2 == 0) {
                    foreign.put(other);
                } else {
                    write(other, OWN);
                }
                Files.move(other, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void read_dataExchangedWithALinkToAForeignFile_neverReadsThat() throws Exception {
        Path secret = write(folder.resolve("shadow"), FOREIGN);

        readWhile(name -> Files.createSymbolicLink(name, secret));
    }

    @Test
    void read_dataExchangedWithASecondNameOfAForeignFile_neverReadsThat() throws Exception {
        Path secret = write(folder.resolve("shadow"), FOREIGN);

        readWhile(name -> Files.createLink(name, secret));
    }

    @Test
    void open_pipe_isRefusedAtOnce() throws Exception {
        Path home = Files.createDirectory(folder.resolve("model"));
        BadInputs.makePipe(home.resolve("w.bin"));

        assertThatThrownBy(() -> ConfinedFile.open(home, Path.of("w.bin"), "w.bin "))
                .isInstanceOf(ModelException.class)
                .hasMessage("w.bin is not a regular file");
    }

    /** As files that became pipes would: no thread is started for one more. */
    @Test
    void open_allOpenersWaiting_isRefusedAndStartsNoThread() throws Exception {
        Path home = Files.createDirectory(folder.resolve("model"));
        write(home.resolve("w.bin"), OWN);
        ConfinedFile.OPENERS.acquire(ConfinedFile.MAX_WAITING);
        try {
            assertThatThrownBy(() -> new ConfinedFile(home, Path.of("w.bin"), "w.bin ").openInTime(1))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("32 files that became pipes do not open");
        } finally {
            ConfinedFile.OPENERS.release(ConfinedFile.MAX_WAITING);
        }
        try (SeekableByteChannel opened = ConfinedFile.open(home, Path.of("w.bin"), "w.bin ")) {
            assertThat(opened.size()).isPositive();
        }
        ConfinedFile.OPENERS.acquire(ConfinedFile.MAX_WAITING);
        ConfinedFile.OPENERS.release(ConfinedFile.MAX_WAITING);
    }

    /** The name leads elsewhere by then: the descriptor does not. */
    @Test
    void descriptor_renamedAndReplacedFile_isTheOpenOne() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")), "descriptors are shown on Linux only");
        Path file = write(folder.resolve("a"), OWN);
        Object key = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        try (SeekableByteChannel channel = Files.newByteChannel(file);
                SeekableByteChannel same = Files.newByteChannel(file)) {
            Files.move(file, folder.resolve("b"));
            write(file, FOREIGN);

            Optional<Path> found = Descriptor.of(channel);

            assertThat(Files.readAttributes(found.orElseThrow(), java.nio.file.attribute.BasicFileAttributes.class)
                            .fileKey())
                    .isEqualTo(key);
            assertThat(Descriptor.of(same)).isNotEqualTo(found);
            assertThat(channel.position()).isZero();
        }
    }
}
