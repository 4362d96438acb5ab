package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.data.NpzFile;
import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.BadInputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile models on the command line of a process with 256 MiB: each must end as its manifest says, naming what it says.
 * {@code bad-inputs-deviations.tsv} beside this class lists what ends otherwise, and why.
 */
class BadInputsCommandTest {
    private static final long MAX_MILLIS = 2000;

    /** What the manifest wants named: a value, node or attribute after its kind, and every number. */
    private static final Pattern NAMED =
            Pattern.compile("(?:tensor|node names|node|attribute|output|domain|op) ([\\w.]+)|(?<!< )(-?\\d+)");

    /** Words that a message must have where the manifest has them. */
    private static final List<String> WORDS = List.of(
            "offset",
            "truncated",
            "Git LFS",
            "gzip",
            "directory",
            "nesting depth limit",
            "ir_version",
            "opset_import",
            "graph",
            "no outputs",
            "cycle",
            "op_type",
            "overflow",
            "rank",
            "bias",
            "scale",
            "zero_point",
            "segment",
            "location",
            "symlink",
            "hard link",
            "not found",
            "not a regular file",
            "division by zero",
            "NaN",
            "Inf",
            "STRING",
            "perm",
            "limit",
            "call depth",
            "missing",
            "empty",
            "twice",
            "two");

    private static final List<String> NOT_FOR_MESSAGES = List.of(
            "no allocation",
            "no StackOverflowError",
            "created by the test",
            "decided before",
            "never raw",
            "< 1 s",
            "escaped tensor name",
            "name truncated in the message");

    @TempDir
    private Path folder;

    /** A prepared case. */
    private record Case(BadInputs.Row row, Path model, List<String> inputs, Path data) {}

    @Test
    void run_everyHostileModel_endsAsTheManifestSays() throws IOException, InterruptedException {
        Map<String, Integer> deviations = deviations();
        List<Case> cases = cases();
        List<String> before = files();

        List<HostileRuns.Ended> all =
                HostileRuns.of(folder, cases.stream().map(this::run).toList());

        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            wrong.addAll(all.get(i).faults(MAX_MILLIS));
            problem(
                            cases.get(i),
                            all.get(i),
                            Optional.ofNullable(deviations.get(cases.get(i).row.id())))
                    .ifPresent(wrong::add);
        }
        assertThat(wrong).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void everyCommand_everyHostileModel_endsWithOneLine() throws IOException, InterruptedException {
        List<Case> cases = cases();
        List<String> before = files();
        List<HostileRuns.Call> calls = new ArrayList<>();
        Map<String, BadInputs.Row> rows = new HashMap<>();
        for (Case one : cases) {
            rows.put(one.row.id(), one.row);
            calls.addAll(others(one));
        }

        List<HostileRuns.Ended> all = HostileRuns.of(folder, calls);

        List<String> wrong = new ArrayList<>();
        for (HostileRuns.Ended ended : all) {
            wrong.addAll(ended.faults(MAX_MILLIS));
        }
        assertThat(wrong).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void main_someHostileModels_endTheProcessAsTheManifestSays() throws IOException, InterruptedException {
        Set<String> ids =
                Set.of("f15_3gib_sparse", "f17_deep_typeproto", "n03_log_injection", "x01_dotdot", "x24_fifo");
        String small = "java=$1; shift; exec \"$java\" " + HostileRuns.HEAP + " \"$@\"";
        for (BadInputs.Row row : BadInputs.rows()) {
            if (ids.contains(row.id())) {
                Path model = BadInputs.prepare(row, folder.resolve(row.id()));

                OctetProcess.Ended ended = OctetProcess.inShell(small, "inspect", model);

                assertThat(ended.code()).as(ended.err()).isEqualTo(row.code());
                assertThat(ended.err()).hasLineCount(1).startsWith("octet: " + model);
                assertThat(ended.out()).isEmpty();
            }
        }
    }

    @Test
    void quantize_weightThatIsNoNumber_namesTensorAndIndex() throws IOException, InterruptedException {
        Map<String, String> words =
                Map.of("t19_nan_weight", "NaN at index [2,1]", "t20_inf_weight", "Inf at index [0,3]");
        Path data = ones();
        List<HostileRuns.Call> calls = new ArrayList<>();
        for (BadInputs.Row row : BadInputs.rows()) {
            if (words.containsKey(row.id())) {
                Path model = BadInputs.prepare(row, folder.resolve(row.id()));
                calls.add(HostileRuns.Call.of(
                        row.id(),
                        "quantize",
                        model,
                        "-o",
                        HostileRuns.out(folder).resolve("q.onnx"),
                        "--data",
                        data));
            }
        }

        for (HostileRuns.Ended ended : HostileRuns.of(folder, calls)) {
            assertThat(ended.faults(MAX_MILLIS)).isEmpty();
            assertThat(ended.code()).isEqualTo(ExitCode.INVALID_INPUT.code());
            assertThat(ended.err())
                    .contains("tensor \"w\" holds " + words.get(ended.call().id()));
        }
    }

    @Test
    void quantize_extremeWeights_givesFiniteScales() throws IOException, InterruptedException {
        Set<String> ids = Set.of("t21_zero_weight", "t22_denormal_weight", "t23_huge_weight");
        Path data = ones();
        List<Path> written = new ArrayList<>();
        for (BadInputs.Row row : BadInputs.rows()) {
            if (ids.contains(row.id())) {
                Path model = BadInputs.prepare(row, folder.resolve(row.id()));
                Path target = folder.resolve(row.id() + ".onnx");
                CommandRun run = CommandRun.of("quantize", model, "-o", target, "--data", data);
                assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
                written.add(target);
            }
        }

        assertThat(written).hasSize(3);
        for (Path file : written) {
            OnnxReader.read(file).nodes().stream()
                    .filter(node -> node.op().type().name().equals("DequantizeLinear"))
                    .forEach(node -> assertThat(scale(file, node.input(1)))
                            .as("%s %s", file, node)
                            .isPositive()
                            .isFinite());
        }
    }

    private static float scale(Path file, String name) {
        return OnnxReader.read(file).constant(name).orElseThrow().getFloat(0);
    }

    private Path ones() throws IOException {
        Path data = Files.createDirectories(folder.resolve("ones"));
        NpyFile.write(data.resolve("inputs.npy"), Tensor.ofFloats(Shape.of(2, 4), 1, 2, -3, 4, 5, 6, 7, -8));
        return data;
    }

    /** Loading a model on the Java heap of the test is no part of what is tested. */
    private List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (BadInputs.Row row : BadInputs.rows()) {
            Path home = folder.resolve("cases").resolve(row.id());
            Path model = BadInputs.prepare(row, home);
            Path side = Files.createDirectories(folder.resolve("sides").resolve(row.id()));
            cases.add(new Case(row, model, inputs(model, side), side));
        }
        return cases;
    }

    /** Zeros for every input of a model that can be read: as {@code --input} options, and as a labelled sample. */
    static List<String> inputs(Path model, Path side) throws IOException {
        List<String> options = new ArrayList<>();
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("label", Tensor.vector(0));
        try {
            for (ValueInfo input : OnnxReader.read(model, _ -> {}).inputs()) {
                Shape shape = input.withSymbols(1).orElseThrow();
                Tensor zeros = Tensor.allocate(input.dtype(), shape);
                Path file = side.resolve("input" + arrays.size() + ".npy");
                NpyFile.write(file, zeros);
                options.add("--input");
                options.add(input.name() + "=" + file);
                arrays.put(input.name(), zeros);
            }
        } catch (ModelException e) {
            assertThat(e).hasMessageContaining("model.onnx");
        }
        NpzFile.write(side.resolve("0.npz"), arrays);
        return options;
    }

    private HostileRuns.Call run(Case one) {
        List<String> args = new ArrayList<>(List.of("run", one.model.toString(), "--device", "cpu", "--output-dir"));
        args.add(HostileRuns.out(folder).toString());
        args.addAll(one.inputs);
        return new HostileRuns.Call(one.row.id(), args);
    }

    private List<HostileRuns.Call> others(Case one) {
        String id = one.row.id();
        Path model = one.model;
        Path out = HostileRuns.out(folder).resolve("out.onnx");
        return List.of(
                HostileRuns.Call.of(id, "inspect", model),
                HostileRuns.Call.of(id, "lint", model),
                HostileRuns.Call.of(id, "roofline", model, "--gpu", "T4"),
                HostileRuns.Call.of(id, "bench", model, "--iterations", 2, "--threads", 1),
                HostileRuns.Call.of(id, "quantize", model, "-o", out, "--data", one.data),
                HostileRuns.Call.of(id, "eval", model, "--data", one.data),
                HostileRuns.Call.of(id, "compare", model, model, "--layers", "--data", one.data));
    }

    private static Optional<String> problem(Case one, HostileRuns.Ended ended, Optional<Integer> deviation) {
        BadInputs.Row row = one.row;
        String start = row.id() + " ends with " + ended.code() + ", expected " + row.expected() + ": ";
        if (ended.code() == 0 && row.mayBeAccepted()) {
            return Optional.empty();
        }
        if (ended.code() != deviation.orElse(row.code())) {
            return Optional.of(start + ended.err());
        }
        if (ended.code() == 0) {
            return Optional.empty();
        }
        if (!ended.err().startsWith("octet: ") || !ended.err().contains(one.model.toString())) {
            return Optional.of(row.id() + " does not name the file: " + ended.err());
        }
        String message = ended.err().replace(one.model.toString(), "model.onnx");
        for (String phrase : row.names().split(";")) {
            Optional<String> absent = absent(phrase, message);
            if (absent.isPresent()) {
                return Optional.of(
                        row.id() + " does not name " + absent.get() + " of \"" + row.names() + "\": " + message);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> absent(String phrase, String message) {
        if (NOT_FOR_MESSAGES.stream().anyMatch(phrase::contains)) {
            return Optional.empty();
        }
        Matcher named = NAMED.matcher(phrase);
        while (named.find()) {
            String name = named.group(1) == null ? named.group(2) : named.group(1);
            if (!message.contains(name)) {
                return Optional.of(name);
            }
        }
        String lower = message.toLowerCase(Locale.ROOT);
        return WORDS.stream()
                .filter(word ->
                        Pattern.compile("\\b" + word + "\\b").matcher(phrase).find())
                .filter(word -> !lower.contains(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static Map<String, Integer> deviations() throws IOException {
        Map<String, Integer> codes = new HashMap<>();
        try (InputStream in = BadInputsCommandTest.class.getResourceAsStream("bad-inputs-deviations.tsv")) {
            String text = new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] cells = line.split("\t", -1);
                codes.put(cells[0], Integer.parseInt(cells[1]));
            });
        }
        return codes;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> cases = Files.walk(folder.resolve("cases"));
                Stream<Path> sides = Files.walk(folder.resolve("sides"))) {
            return Stream.concat(cases, sides).map(Path::toString).sorted().toList();
        }
    }
}
