package dev.octet.cli;

import java.util.List;
import java.util.Optional;

/** All commands, in the order of the help text. */
final class Commands {
    static final List<Command> ALL = List.of(
            new DoctorCommand(),
            new InspectCommand(),
            new QuantizeCommand(),
            new RunCommand(),
            new EvalCommand(),
            new CompareCommand(),
            new BenchCommand(),
            new ProfileCommand(),
            new RooflineCommand(),
            new PeaksCommand(),
            new LintCommand(),
            new DemoCommand());

    private Commands() {}

    static Optional<Command> find(String name) {
        return ALL.stream().filter(command -> command.name().equals(name)).findFirst();
    }
}
