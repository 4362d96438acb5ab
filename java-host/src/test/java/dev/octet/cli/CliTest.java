package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CliTest {
    @TempDir
    private Path folder;

    static List<String> commands() {
        return Commands.ALL.stream().map(Command::name).toList();
    }

    static Stream<String> modelCommands() {
        return Commands.ALL.stream()
                .filter(command -> command.arguments().equals(List.of("MODEL")))
                .map(Command::name)
                .filter(name -> !Set.of("quantize", "roofline").contains(name));
    }

    @Test
    void run_unknownCommand_isUsage() {
        CommandRun run = CommandRun.of("frobnicate");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("frobnicate").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void run_noArguments_listsCommandsAndFails() {
        CommandRun run = CommandRun.of();

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).contains(commands());
    }

    @Test
    void run_help_listsCommands() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains(commands());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void run_helpOfCommand_printsUsage(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("octet " + command).contains("--debug");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void run_unknownOption_isUsage(String command) {
        CommandRun run = CommandRun.of(command, "--no-such-option");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("no-such-option");
    }

    @ParameterizedTest
    @MethodSource("modelCommands")
    void run_withoutModel_isUsage(String command) {
        assertThat(CommandRun.of(command).code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @MethodSource("modelCommands")
    void run_missingModel_isInvalidInput(String command) {
        Path absent = folder.resolve("absent.onnx");

        CommandRun run = CommandRun.of(command, absent);

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).contains("absent.onnx").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modelCommands")
    void run_truncatedModel_isInvalidInput(String command) throws IOException {
        byte[] whole = Files.readAllBytes(TinyModels.relu(folder));
        Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length * 2 / 3));

        CommandRun run = CommandRun.of(command, cut);

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).contains("cut.onnx").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modelCommands")
    void run_unsupportedOperator_isUnsupported(String command) throws IOException {
        Path file = TinyModels.withUnknownOperator(folder);

        CommandRun run = CommandRun.of(command, file);

        assertThat(run.code()).isEqualTo(ExitCode.UNSUPPORTED);
        assertThat(run.err()).contains("Rolu").hasLineCount(1);
    }

    @Test
    void run_debug_addsAStackTrace() {
        CommandRun run = CommandRun.of("inspect", folder.resolve("absent.onnx"), "--debug");

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).contains("\tat dev.octet.");
    }
}
