package dev.octet.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    void create_nameTooLong_isRefusedBeforeAnythingIsWritten() throws IOException {
        Path target = folder.resolve("n".repeat(300));

        assertThatThrownBy(() -> AtomicFile.create(target))
                .isInstanceOfSatisfying(
                        OutputException.class, e -> assertThat(e.kind()).isEqualTo(OutputException.Kind.TARGET))
                .hasMessageContaining("cannot write");
        assertThat(names()).isEmpty();
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

        assertTarget(target, "there is no folder " + target.getParent());
    }

    @Test
    void create_targetIsAFolder_isRefused() {
        assertTarget(folder, "it is a folder");
    }

    @Test
    void create_targetIsWriteProtected_isRefused() throws IOException {
        Path target = Files.writeString(folder.resolve("out.txt"), "old");
        assertThat(target.toFile().setReadOnly()).isTrue();
        assumeFalse(Files.isWritable(target), "this user may write to anything");

        assertTarget(target, "it is write-protected");
    }

    @Test
    void create_folderIsWriteProtected_isRefused() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        assertThat(inner.toFile().setReadOnly()).isTrue();
        assumeFalse(Files.isWritable(inner), "this user may write to anything");

        assertTarget(inner.resolve("out.txt"), "denied");
    }

    private static void assertTarget(Path target, String reason) {
        assertThatThrownBy(() -> AtomicFile.create(target))
                .isInstanceOfSatisfying(
                        OutputException.class, e -> assertThat(e.kind()).isEqualTo(OutputException.Kind.TARGET))
                .hasMessageContaining("cannot write " + target)
                .hasMessageContaining(reason);
    }

    @Test
    void write_existingFile_keepsItsPermissions() throws IOException {
        Path target = Files.writeString(folder.resolve("out.txt"), "old");
        assumeTrue(Files.getFileStore(target).supportsFileAttributeView("posix"), "no POSIX permissions here");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));

        AtomicFile.write(target, "new");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
    }

    @Test
    void write_longestPossibleName_works() throws IOException {
        Path target = folder.resolve("x".repeat(255));

        AtomicFile.write(target, "new");

        assertThat(target).hasContent("new");
    }

    @Test
    void write_fullDevice_saysSo() {
        Path device = Path.of("/dev/full");
        assumeTrue(Files.exists(device), "no /dev/full on this system");

        assertThatThrownBy(() -> AtomicFile.write(device, new byte[1 << 20]))
                .isInstanceOfSatisfying(
                        OutputException.class, e -> assertThat(e.kind()).isEqualTo(OutputException.Kind.STORAGE))
                .hasMessageContaining("/dev/full");
    }

    @Test
    void check_targetThatCanBeWritten_createsNothing() throws IOException {
        AtomicFile.check(folder.resolve("out.txt"));

        assertThat(names()).isEmpty();
    }

    @Test
    void write_device_isWrittenDirectly() throws IOException {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "no /dev/null on this system");

        AtomicFile.write(device, "gone");

        assertThat(Files.isRegularFile(device)).isFalse();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void create_targetIsALinkToNothing_isRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("nothing"));

        assertTarget(link, "it is a link to what does not exist");
        assertThat(link).isSymbolicLink();
    }
}
