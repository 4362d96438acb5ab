package dev.octet.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {
    @TempDir
    Path folder;

    @Test
    void commit_several_givesAllTheirNames() throws IOException {
        try (OutputFiles files = new OutputFiles()) {
            files.write(folder.resolve("a"), "one");
            files.write(folder.resolve("b"), "two");

            assertThat(files.sizeBytes()).isEqualTo(6);
            assertThat(folder.resolve("a")).doesNotExist();
            files.commit();
        }

        assertThat(folder.resolve("a")).hasContent("one");
        assertThat(folder.resolve("b")).hasContent("two");
        assertThat(names()).containsExactly("a", "b");
    }

    @Test
    void close_secondFails_leavesTheFirstAsItWas() throws IOException {
        Files.writeString(folder.resolve("a"), "old");

        assertThatThrownBy(() -> {
                    try (OutputFiles files = new OutputFiles()) {
                        files.write(folder.resolve("a"), "new");
                        files.write(folder.resolve("absent/b"), "new");
                        files.commit();
                    }
                })
                .isInstanceOf(OutputException.class);

        assertThat(folder.resolve("a")).hasContent("old");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void add_theSameFileTwice_isRefused() throws IOException {
        Files.writeString(folder.resolve("a"), "old");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("a"));

        try (OutputFiles files = new OutputFiles()) {
            files.write(folder.resolve("a"), "new");

            assertThatThrownBy(() -> files.add(folder.resolve("link")))
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("two outputs have this name");
        }
        assertThat(names()).containsExactly("a", "link");
    }

    @Test
    void commit_dropped_isDeletedAfterwards() throws IOException {
        Path old = Files.writeString(folder.resolve("old"), "old");

        try (OutputFiles files = new OutputFiles()) {
            files.write(folder.resolve("a"), "new");
            files.drop(old);
            assertThat(old).exists();
            files.commit();
        }

        assertThat(names()).containsExactly("a");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
