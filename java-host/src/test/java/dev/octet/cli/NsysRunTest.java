package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cuda.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/** {@code profile --run} where nsys is on the PATH: a script in its place that runs the command and exports a fixture. */
@Tag("cuda")
class NsysRunTest {
    private static final String KERNEL = "octet_i16832_qgemm_i8s8_64x64";
    private static final String SCRIPT = """
            #!/bin/bash
            verb=$1
            shift
            while [[ $1 == --* ]]; do
              [[ $1 != --output=* ]] || out=${1#--output=}
              shift
            done
            if [ "$verb" = export ]; then
              cp "%1$s" "$out"
            else
              "$@" >"%2$s" || exit 5
              touch "$out.nsys-rep"
            fi
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void installScript() throws Exception {
        Simulator.require(folder).close();
        Path export = folder.resolve("fixture.sqlite");
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + export);
                Statement statement = database.createStatement()) {
            statement.executeUpdate("CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT)");
            statement.executeUpdate("CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT)");
            statement.executeUpdate("INSERT INTO StringIds VALUES (1, '" + KERNEL + "')");
            statement.executeUpdate("CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, \"end\" INTEGER,"
                    + " demangledName INTEGER, shortName INTEGER)");
            statement.executeUpdate("INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (100, 4100, 1, 1)");
        }
        Path script = Files.writeString(
                Files.createDirectory(folder.resolve("bin")).resolve("nsys"),
                SCRIPT.formatted(export, folder.resolve("inner.json")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private OctetProcess.Ended profile(Object... options) throws Exception {
        Object[] words = new Object[options.length + 7];
        Object[] first = {"profile", "--run", TinyModels.quantized(folder), "--repeats", "2", "--json", "--device"};
        System.arraycopy(first, 0, words, 0, first.length);
        System.arraycopy(options, 0, words, first.length, options.length);
        return OctetProcess.inShell("PATH='" + folder.resolve("bin") + "':$PATH \"$@\"", words);
    }

    @Test
    void profileRun_onAGpu_runsUnderNsysAndReadsItsExport() throws Exception {
        OctetProcess.Ended ended = profile("cuda");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(ended.out())
                        .get("kernels")
                        .get(0)
                        .get("name")
                        .asString())
                .isEqualTo(KERNEL);
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("inner.json"))
                        .get("runs")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void profileRun_onTheCpu_doesWithoutNsys() throws Exception {
        OctetProcess.Ended ended = profile("cpu");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(folder.resolve("inner.json")).doesNotExist();
    }

    @Test
    void profileRun_strict_isStrictUnderNsysToo() throws Exception {
        Files.writeString(folder.resolve("bin/nsys"), "#!/bin/bash\necho \"$@\" >&2\nexit 9\n");

        OctetProcess.Ended ended = profile("cuda", "--strict");

        assertThat(ended.err()).contains(" --strict ");
    }

    @Test
    void profileRun_nsysFails_isADeviceFaultThatNamesTheWayWithoutIt() throws Exception {
        Files.writeString(folder.resolve("bin/nsys"), "#!/bin/bash\nexit 9\n");

        OctetProcess.Ended ended = profile("cuda");

        assertThat(ended.code()).isEqualTo(ExitCode.DEVICE.code());
        assertThat(ended.err()).contains("ended with code 9", "--trace FILE");
    }
}
