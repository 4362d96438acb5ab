package dev.octet.cli;

import dev.octet.profile.KernelClass;
import dev.octet.profile.KernelNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;

/** Which kernel used which unit of the GPU. */
final class ProfileCommand implements Command {
    @Override
    public String name() {
        return "profile";
    }

    @Override
    public String summary() {
        return "which kernels ran, on which unit: tensor cores, CUDA cores, memory";
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(RunOptions.valued(
                        "names", "FILE", "classify kernel names, one a line: name, unit, instruction, precision"));
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        printNames(invocation.requiredPath("names"), invocation.console());
        return ExitCode.OK;
    }

    private static void printNames(Path file, Console console) throws IOException {
        KernelNames names = KernelNames.load();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String name = reader.readLine(); name != null; name = reader.readLine()) {
                KernelClass kernelClass = names.classify(name);
                console.result(String.join(
                        "\t",
                        name,
                        kernelClass.unit().name(),
                        kernelClass.instructionText(),
                        kernelClass.precisionText()));
            }
        }
    }
}
