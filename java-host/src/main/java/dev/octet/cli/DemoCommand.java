package dev.octet.cli;

import dev.octet.demo.DemoProgress;
import dev.octet.demo.DemoText;
import dev.octet.demo.MiniLmDemo;
import dev.octet.report.DemoReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;

/** Quantizes a real network that comes with the demo, and judges the result. */
final class DemoCommand implements Command {
    private static final String DEFAULT_FOLDER = "octet-demo";

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "quantize a pre-trained sentence encoder, run it in INT8 and judge the result";
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public Options options() {
        return RunOptions.device(RunOptions.json(new Options()))
                .addOption(RunOptions.valued(
                        "out", "DIR", "where to write the models and the report; default " + DEFAULT_FOLDER));
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        Path folder = Path.of(invocation.value("out", DEFAULT_FOLDER));
        DemoReport report =
                new MiniLmDemo(folder, RunOptions.session(invocation), progress(invocation.console())).run();
        if (!RunOptions.printedJson(invocation, report)) {
            DemoText.lines(report).forEach(invocation.console()::result);
        }
        return ExitCode.OK;
    }

    private static DemoProgress progress(Console console) {
        return (what, steps) -> {
            Progress bar = console.progress(what, steps);
            return new DemoProgress.Stage() {
                @Override
                public void step() {
                    bar.step();
                }

                @Override
                public void close() {
                    bar.close();
                }
            };
        };
    }
}
