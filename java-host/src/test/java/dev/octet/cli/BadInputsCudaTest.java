package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cuda.CudaTests;
import dev.octet.testing.BadInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hostile model ends on a CUDA device as it does on the CPU: the same exit code and message. Takes every
 * {@value #USUAL_STEP}th, or {@code -Doctet.hostile.step=1} for all.
 */
@Tag("cuda")
class BadInputsCudaTest {
    private static final int USUAL_STEP = 6;
    private static final int STEP = Integer.getInteger("octet.hostile.step", USUAL_STEP);
    private static final long MAX_MILLIS = 2000;

    @TempDir
    private Path folder;

    private List<HostileRuns.Call> calls(String device) throws IOException {
        List<HostileRuns.Call> calls = new ArrayList<>();
        List<BadInputs.Row> rows = BadInputs.rows();
        for (int i = 0; i < rows.size(); i += STEP) {
            String id = rows.get(i).id();
            Path home = folder.resolve(id);
            Path model = Files.exists(home.resolve("model.onnx"))
                    ? home.resolve("model.onnx")
                    : BadInputs.prepare(rows.get(i), home);
            List<String> args = new ArrayList<>(List.of("run", model.toString(), "--device", device, "--output-dir"));
            args.add(HostileRuns.out(folder).toString());
            args.addAll(BadInputsCommandTest.inputs(model, Files.createDirectories(folder.resolve(id + "-inputs"))));
            calls.add(new HostileRuns.Call(id, args));
        }
        return calls;
    }

    /** A kernel of the device says that an index is wrong, not which. */
    private static String withoutIndex(String message) {
        return message.replaceAll("index -?\\d+ at [\\d,]+ is", "an index is");
    }

    @Test
    void run_hostileModelOnCuda_endsAsOnTheCpu() throws IOException, InterruptedException {
        CudaTests.requireDevice();
        List<HostileRuns.Ended> onCpu = HostileRuns.of(folder, calls("cpu"));
        List<HostileRuns.Ended> onDevice = HostileRuns.of(folder, calls("cuda"));

        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < onDevice.size(); i++) {
            HostileRuns.Ended ended = onDevice.get(i);
            wrong.addAll(ended.faults(MAX_MILLIS));
            if (ended.code() != onCpu.get(i).code()
                    || !ended.err().equals(withoutIndex(onCpu.get(i).err()))) {
                wrong.add(ended.call() + " ends with " + ended.code() + " " + ended.err() + ", on the CPU with "
                        + onCpu.get(i).code() + " " + onCpu.get(i).err());
            }
        }
        assertThat(wrong).isEmpty();
    }
}
