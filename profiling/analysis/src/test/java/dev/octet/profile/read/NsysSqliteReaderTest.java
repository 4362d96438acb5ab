package dev.octet.profile.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.octet.profile.DeviceData;
import dev.octet.profile.DeviceTime;
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
        assertThat(profile.devices())
                .containsExactly(new DeviceTime(
                        new DeviceData("NVIDIA A100", 80, 108, 1_410_000_000L, 1_555_000_000_000L, 41_943_040),
                        560,
                        400));
        assertThat(profile.kernels())
                .extracting(KernelTotal::name, KernelTotal::range)
                .containsExactly(
                        tuple("octet_i16832_gemm_s8_128x128x64_tn", Optional.of("conv1")),
                        tuple("softmax_warp_forward", Optional.of("model")),
                        tuple("[CUDA memcpy HtoD]", Optional.empty()),
                        tuple("[CUDA memset]", Optional.empty()));
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(2, 400, 100, 300, 200));
        assertThat(profile.unitNanos(KernelUnit.TENSOR)).isEqualTo(400);
        assertThat(profile.totalNanos()).isEqualTo(560);
    }

    @Test
    void read_olderSchema_takesShortNames() throws Exception {
        Profile profile = ProfileFiles.read(NsysFixture.older(folder.resolve("old.sqlite")));

        assertThat(profile.devices()).isEmpty();
        assertThat(profile.kernels()).hasSize(1);
        assertThat(profile.kernels().getFirst().name()).isEqualTo("volta_sgemm_128x64_nn");
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(2, 60, 20, 40, 30));
    }

    @Test
    void read_severalProcessesAndGpus_sharesTheTimeByGpu() throws Exception {
        Profile profile = ProfileFiles.read(NsysFixture.severalGpus(folder.resolve("several.sqlite")));

        assertThat(profile.devices())
                .as("process 7 sees GPU 1 as its device 0")
                .extracting(device -> device.data().name(), DeviceTime::totalNanos, DeviceTime::tensorNanos)
                .containsExactly(tuple("NVIDIA GB10", 70L, 0L), tuple("NVIDIA B300", 300L, 300L));
        assertThat(profile.devices())
                .extracting(device -> device.data().architecture())
                .containsExactly(121, 103);
        assertThat(profile.kernels())
                .extracting(KernelTotal::name, KernelTotal::range)
                .containsExactly(
                        tuple("nvjet_sm103_tst_128x256_64x6_2x1_2cta_v_bz_TNT", Optional.of("mine")),
                        tuple("softmax_warp_forward", Optional.of("other")));
    }

    @Test
    void read_graphsRecordedWhole_areNamedAndUnknown() throws Exception {
        Path file = NsysFixture.write(
                folder.resolve("graphs.sqlite"),
                "CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT)",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_GRAPH_TRACE (start INTEGER, end INTEGER, deviceId INTEGER, graphId"
                        + " INTEGER, correlationId INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_GRAPH_TRACE VALUES (5, 25, 0, 109, 1), (30, 60, 0, 109, 2)");

        KernelTotal graph = ProfileFiles.read(file).kernels().getFirst();

        assertThat(graph.name()).isEqualTo("[CUDA graph 109]");
        assertThat(graph.durations().totalNanos()).isEqualTo(50);
        assertThat(graph.kernelClass().unit()).isEqualTo(KernelUnit.UNKNOWN);
        assertThat(graph.kernelClass().reason()).contains("--cuda-graph-trace=node");
    }

    @Test
    void read_whileAWriterHasUncommittedRows_readsTheCommitted() throws Exception {
        Path file = NsysFixture.newer(folder.resolve("wal.sqlite"));
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = database.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("DELETE FROM CUPTI_ACTIVITY_KIND_KERNEL");

            assertThat(ProfileFiles.read(file).unitNanos(KernelUnit.TENSOR)).isEqualTo(400);
        }
    }

    @Test
    void read_lockedInWalMode_saysSo() throws Exception {
        Path file = NsysFixture.newer(folder.resolve("wal.sqlite"));
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = database.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE held (a INTEGER)");

            assertThatThrownBy(() -> ProfileFiles.read(file))
                    .isInstanceOf(ProfileException.class)
                    .hasMessageContaining("locked");
        }
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
        long rows = LargeNsysExport.write(folder.resolve("large.sqlite"), 8L << 20, 50);

        Profile profile = ProfileFiles.read(folder.resolve("large.sqlite"));

        assertThat(profile.kernels().stream()
                        .filter(kernel -> kernel.name().startsWith("kernel_"))
                        .mapToLong(kernel -> kernel.durations().calls())
                        .sum())
                .isEqualTo(rows);
        assertThat(profile.kernels())
                .filteredOn(kernel -> kernel.name().startsWith("kernel_"))
                .allSatisfy(kernel -> assertThat(kernel.range()).isPresent());
    }

    /** Run with {@code -Doctet.profile.large=true} and a heap of 512 MiB. */
    @Test
    @EnabledIfSystemProperty(named = "octet.profile.large", matches = "true")
    void read_oneGigabyte_staysWithinThirtySeconds() throws Exception {
        long rows = LargeNsysExport.write(folder.resolve("large.sqlite"), 1L << 30, 500);

        long start = System.nanoTime();
        Profile profile = ProfileFiles.read(folder.resolve("large.sqlite"));
        double seconds = (System.nanoTime() - start) / 1e9;

        System.out.printf(java.util.Locale.ROOT, "read %d rows of 1 GiB in %.1f s%n", rows, seconds);
        assertThat(profile.kernels()).hasSizeGreaterThanOrEqualTo(500);
        assertThat(seconds).isLessThan(30);
    }
}
