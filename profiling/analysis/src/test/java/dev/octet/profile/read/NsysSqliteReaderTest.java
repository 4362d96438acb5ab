package dev.octet.profile.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.profile.DeviceData;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelTotal.Durations;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class NsysSqliteReaderTest {
    @TempDir
    private Path folder;

    @Test
    void read_newerSchema_mapsKernelsToTheirInnermostRanges() throws Exception {
        Profile profile = ProfileFiles.read(NsysFixture.newer(folder.resolve("new export.sqlite")));

        assertThat(profile.source()).isEqualTo(Profile.Source.NSYS_SQLITE);
        assertThat(profile.device())
                .contains(new DeviceData("NVIDIA A100", 80, 108, 1_410_000_000L, 1_555_000_000_000L, 41_943_040));
        assertThat(profile.kernels())
                .extracting(KernelTotal::name, KernelTotal::range)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("octet_i16832_gemm_s8_128x128x64_tn", Optional.of("conv1")),
                        org.assertj.core.groups.Tuple.tuple("softmax_warp_forward", Optional.of("model")),
                        org.assertj.core.groups.Tuple.tuple("[CUDA memcpy HtoD]", Optional.empty()),
                        org.assertj.core.groups.Tuple.tuple("[CUDA memset]", Optional.empty()));
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(2, 400, 100, 300, 200));
        assertThat(profile.unitNanos(KernelUnit.TENSOR)).isEqualTo(400);
        assertThat(profile.totalNanos()).isEqualTo(560);
    }

    @Test
    void read_olderSchema_takesShortNames() throws Exception {
        Profile profile = ProfileFiles.read(NsysFixture.older(folder.resolve("old.sqlite")));

        assertThat(profile.device()).isEmpty();
        assertThat(profile.kernels()).hasSize(1);
        assertThat(profile.kernels().getFirst().name()).isEqualTo("volta_sgemm_128x64_nn");
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(2, 60, 20, 40, 30));
    }

    @Test
    void read_truncated_saysSo() throws Exception {
        Path file = NsysFixture.newer(folder.resolve("a.sqlite"));
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {20, 100, 4096, bytes.length / 2}) {
            Path cut = Files.write(folder.resolve("cut.sqlite"), Arrays.copyOf(bytes, length));

            assertThatThrownBy(() -> ProfileFiles.read(cut))
                    .as("%d of %d bytes", length, bytes.length)
                    .isInstanceOf(ProfileException.class)
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void read_locked_saysSo() throws Exception {
        Path file = NsysFixture.newer(folder.resolve("a.sqlite"));
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = database.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");

            assertThatThrownBy(() -> ProfileFiles.read(file))
                    .isInstanceOf(ProfileException.class)
                    .hasMessageContaining("locked");
        }
    }

    @Test
    void read_foreignDatabase_saysSo() throws SQLException {
        Path file = NsysFixture.write(folder.resolve("a.sqlite"), "CREATE TABLE person (name TEXT)");

        assertThatThrownBy(() -> ProfileFiles.read(file))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("no Nsight Systems export");
    }

    @Test
    void read_emptyOrForeignFile_saysSo() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path text = Files.writeString(folder.resolve("text"), "hello\nworld\n");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {1, 0, 2, 0});

        assertThatThrownBy(() -> ProfileFiles.read(empty))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> ProfileFiles.read(text))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("no known profile");
        assertThatThrownBy(() -> ProfileFiles.read(binary))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("no known profile");
    }

    @Test
    void read_severalMegabytes_countsEveryCall() throws Exception {
        long rows = NsysFixture.large(folder.resolve("large.sqlite"), 8L << 20, 50);

        Profile profile = ProfileFiles.read(folder.resolve("large.sqlite"));

        assertThat(profile.kernels().stream()
                        .filter(kernel -> kernel.name().startsWith("kernel_"))
                        .mapToLong(kernel -> kernel.durations().calls())
                        .sum())
                .isEqualTo(rows);
    }

    /** Run with {@code -Doctet.profile.large=true} and a heap of 512 MiB. */
    @Test
    @EnabledIfSystemProperty(named = "octet.profile.large", matches = "true")
    void read_oneGigabyte_staysWithinThirtySeconds() throws Exception {
        long rows = NsysFixture.large(folder.resolve("large.sqlite"), 1L << 30, 500);

        long start = System.nanoTime();
        Profile profile = ProfileFiles.read(folder.resolve("large.sqlite"));
        double seconds = (System.nanoTime() - start) / 1e9;

        System.out.printf(java.util.Locale.ROOT, "read %d rows of 1 GiB in %.1f s%n", rows, seconds);
        assertThat(profile.kernels()).hasSizeGreaterThanOrEqualTo(500);
        assertThat(seconds).isLessThan(30);
    }
}
