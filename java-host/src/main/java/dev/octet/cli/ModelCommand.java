package dev.octet.cli;

import java.util.List;
import org.apache.commons.cli.Options;

/** A command about one model file. */
interface ModelCommand extends Command {
    @Override
    default List<String> arguments() {
        return List.of("MODEL");
    }

    @Override
    default Options options() {
        return more(RunOptions.model(RunOptions.json(new Options())));
    }

    /** Adds what only this command takes. */
    Options more(Options options);
}
