package dev.octet.cli;

import dev.octet.Model;
import dev.octet.data.NpyFile;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.io.OutputFiles;
import dev.octet.onnx.TensorProtoFile;
import dev.octet.runtime.Session;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Runs a model once on tensors from files. */
final class RunCommand implements Command {
    private record Output(String name, Tensor value, Path file) {}

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "run once on tensors from files and write the outputs";
    }

    @Override
    public List<String> arguments() {
        return List.of("MODEL");
    }

    @Override
    public Options options() {
        return RunOptions.device(new Options())
                .addOption(Option.builder()
                        .longOpt("input")
                        .hasArgs()
                        .numberOfArgs(1)
                        .argName("NAME=FILE")
                        .desc("an input from a .npy or .pb file; once for each input")
                        .get())
                .addOption(
                        RunOptions.valued("output-dir", "FOLDER", "where NAME.npy goes; default the current folder"));
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        Model model = RunOptions.load(invocation, 0);
        List<Path> read = new ArrayList<>(List.of(invocation.pathArgument(0)));
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (String pair : invocation.values("input")) {
            int split = pair.lastIndexOf('=');
            if (split < 1) {
                throw new ConfigException("--input \"" + pair + "\" is not NAME=FILE");
            }
            String name = pair.substring(0, split);
            read.add(Invocation.path(pair.substring(split + 1)));
            if (inputs.put(name, read(read.getLast())) != null) {
                throw new ConfigException("--input " + Names.escape(name) + " is given twice");
            }
        }
        Path folder = Invocation.path(invocation.value("output-dir", "."));
        List<Output> outputs;
        try (Session session = RunOptions.open(invocation, model)) {
            outputs = outputs(folder, session.run(inputs));
        }
        outputs.forEach(output -> InputsKept.require(output.file, read));
        createFolder(folder);
        try (OutputFiles files = new OutputFiles()) {
            for (Output output : outputs) {
                write(output, files);
            }
            files.commit();
        }
        for (Output output : outputs) {
            invocation.console().result(Names.escape(output.name) + " " + output.value + " -> " + output.file);
        }
        return ExitCode.OK;
    }

    private static void write(Output output, OutputFiles files) throws IOException {
        try {
            NpyFile.write(output.file, output.value, files);
        } catch (ModelException e) {
            throw e.at("output \"" + Names.escape(output.name) + "\"");
        }
    }

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException("--output-dir " + folder + " is a file", e);
        } catch (IOException e) {
            throw new ConfigException("cannot create folder " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Names that are the same once made safe, in any case of letters, are numbered. */
    private static List<Output> outputs(Path folder, Map<String, Tensor> values) {
        List<Output> outputs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        values.forEach((name, value) -> {
            String safe = fileName(name);
            String file = safe;
            for (int i = 2; !taken.add(file.toLowerCase(Locale.ROOT)); i++) {
                file = safe + "_" + i;
            }
            outputs.add(new Output(name, value, folder.resolve(file + ".npy")));
        });
        return outputs;
    }

    private static Tensor read(Path file) {
        return file.toString().endsWith(".pb") ? TensorProtoFile.read(file).tensor() : NpyFile.read(file);
    }

    /** A tensor's name as a file's: whatever could name another folder or a hidden file becomes an underscore. */
    static String fileName(String tensor) {
        String safe = tensor.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^[.]", "_");
        return safe.substring(0, Math.min(safe.length(), 128));
    }
}
