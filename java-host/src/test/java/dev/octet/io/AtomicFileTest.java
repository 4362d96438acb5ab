package dev.octet.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void write_newFile_hasTheContentAndNoTemporaryBeside() throws IOException {
        Path target = folder.resolve("out.txt");

        AtomicFile.write(target, "Grüße\n");

        assertThat(target).hasContent("Grüße\n");
        assertThat(names()).containsExactly("out.txt");
    }

    @Test
    void write_existingFile_isReplaced() throws IOException {
        Path target = folder.resolve("out.bin");
        Files.write(target, new byte[1000]);

        AtomicFile.write(target, new byte[] {1, 2, 3});

        assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void close_withoutCommit_leavesTheOldContent() throws IOException {
        Path target = folder.resolve("out.txt");
        Files.writeString(target, "old");

        try (AtomicFile file = AtomicFile.create(target)) {
            file.out().write(new byte[200_000]);
        }

        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("out.txt");
    }

    @Test
    void commit_beforeIt_targetIsUntouched() throws IOException {
        Path target = folder.resolve("out.txt");

        try (AtomicFile file = AtomicFile.create(target)) {
            file.out().write('x');
            assertThat(target).doesNotExist();
            file.commit();
            assertThat(target).hasContent("x");
        }
    }

    @Test
    void commit_targetIsALink_writesWhatItPointsTo() throws IOException {
        Path real = Files.writeString(folder.resolve("real.txt"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), real.getFileName());

        AtomicFile.write(link, "new");

        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
    }

    @Test
    void create_missingFolder_namesIt() {
        Path target = folder.resolve("absent/out.txt");

        assertThatThrownBy(() -> AtomicFile.create(target))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void create_targetIsAFolder_isRefused() {
        assertThatThrownBy(() -> AtomicFile.create(folder)).isInstanceOf(FileSystemException.class);
    }

    @Test
    void write_device_isWrittenDirectly() throws IOException {
        Path device = Path.of("/dev/null");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(device), "no /dev/null on this system");

        AtomicFile.write(device, "gone");

        assertThat(Files.isRegularFile(device)).isFalse();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
