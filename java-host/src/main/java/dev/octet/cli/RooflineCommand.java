package dev.octet.cli;

import dev.octet.analysis.LayerGeometry;
import dev.octet.graph.Names;
import dev.octet.io.AtomicFile;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.Profile;
import dev.octet.profile.peak.Gpu;
import dev.octet.profile.peak.Peak;
import dev.octet.profile.peak.PeakPrecision;
import dev.octet.profile.read.ProfileFiles;
import dev.octet.profile.roofline.LayerCost;
import dev.octet.profile.roofline.Roofline;
import dev.octet.report.RooflinePage;
import dev.octet.report.RooflineReport;
import dev.octet.report.RooflineReport.Achieved;
import dev.octet.report.RooflineReport.Roof;
import dev.octet.report.RooflineReport.RooflineLayer;
import dev.octet.tensor.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** How fast each layer of a model can run on a GPU at most, and what bounds it. */
final class RooflineCommand implements ModelCommand {
    private static final List<PeakPrecision> PRECISIONS = List.of(
            PeakPrecision.INT8,
            PeakPrecision.FP16,
            PeakPrecision.BF16,
            PeakPrecision.FP8,
            PeakPrecision.TF32,
            PeakPrecision.FP32);
    private static final String CPU = "cpu";

    /** What TensorRT and Octet put between the names of nodes that run as one. */
    private static final Pattern FUSED = Pattern.compile(" \\+ ");

    @Override
    public String name() {
        return "roofline";
    }

    @Override
    public String summary() {
        return "MACs, bytes, bound and attainable speed of each layer on a GPU, as table and chart";
    }

    @Override
    public Options more(Options options) {
        return options.addOption(RunOptions.valued(
                        "gpu",
                        "NAME",
                        "such as \"A100\" or T4; cpu: this machine's, measured now; default that of --profile"))
                .addOption(RunOptions.valued("threads", "N", "with --gpu cpu; default one a processor"))
                .addOption(RunOptions.valued(
                        "profile", "FILE", "show what each layer achieved in this profile, by range or node"))
                .addOption(RunOptions.valued("runs", "N", "how often the model ran in the profile; default 1"))
                .addOption(RunOptions.valued(
                        "precision",
                        "TYPE",
                        labels() + "; default " + PRECISIONS.getFirst().label()))
                .addOption(SizedModel.batchOption())
                .addOption(RunOptions.valued("report", "FILE", "write an HTML report"));
    }

    private static String labels() {
        return PRECISIONS.stream().map(PeakPrecision::label).collect(Collectors.joining(", "));
    }

    /** The device that the roofs are of. */
    private record Device(String name, Roofline roofline) {}

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
        PeakPrecision precision = precision(invocation);
        Optional<Profile> profile = invocation.has("profile")
                ? Optional.of(ProfileFiles.read(invocation.requiredPath("profile")))
                : Optional.empty();
        Device device = device(invocation, precision, profile);
        Optional<Path> page = invocation.path(invocation.value("report"));
        page.ifPresent(path -> requirePossible(path, invocation));
        RooflineReport report = report(invocation, device, precision, profile);
        if (page.isPresent()) {
            AtomicFile.write(page.get(), RooflinePage.render(report));
        }
        if (!RunOptions.printedJson(invocation, report)) {
            print(invocation.console(), report);
        }
        return ExitCode.OK;
    }

    private static void requirePossible(Path path, Invocation invocation) {
        List<Path> inputs = Stream.concat(
                        Stream.of(invocation.pathArgument(0)), invocation.path(invocation.value("profile")).stream())
                .toList();
        InputsKept.require(path, inputs);
        if (!path.toString().toLowerCase(Locale.ROOT).endsWith(".html")) {
            throw new ConfigException("report \"" + path + "\" must end in .html");
        }
    }

    private static PeakPrecision precision(Invocation invocation) {
        String name = invocation.value("precision", PRECISIONS.getFirst().label());
        return PRECISIONS.stream()
                .filter(precision -> precision.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("precision \"" + name + "\" is none of " + labels()));
    }

    private static Device device(Invocation invocation, PeakPrecision precision, Optional<Profile> profile) {
        if (invocation.value("gpu", "").equals(CPU)) {
            if (precision != PeakPrecision.INT8 && precision != PeakPrecision.FP32) {
                throw new ConfigException("the CPU is measured in int8 and fp32, not in " + precision.label());
            }
            HostPeaks peaks = HostPeaks.measure(PeaksCommand.threads(invocation));
            return new Device(HostProcessor.name(), peaks.roofline(precision));
        }
        Gpu gpu = GpuOption.namedOrOf(invocation, profile);
        if (gpu.peaks().stream().noneMatch(peak -> peak.precision() == precision)) {
            throw new ConfigException(gpu.name() + " has no unit for " + precision.label());
        }
        return new Device(gpu.name(), Roofline.of(gpu, precision));
    }

    private static RooflineReport report(
            Invocation invocation, Device device, PeakPrecision precision, Optional<Profile> profile) {
        SizedModel sized = SizedModel.load(invocation, invocation.pathArgument(0));
        List<LayerGeometry> geometry = LayerGeometry.of(sized.model().graph(), sized.types());
        long runs = invocation.integer("runs", 1, 1, Integer.MAX_VALUE);
        Map<String, Long> nanos =
                profile.map(read -> measuredNanos(read, runs, geometry)).orElse(Map.of());
        List<RooflineLayer> layers = geometry.stream()
                .map(layer -> layer(device.roofline, layer, precision.sizeBytes(), nanos))
                .toList();
        return new RooflineReport(
                invocation.argument(0),
                device.name,
                precision.label(),
                sized.batch(),
                device.roofline.bandwidthGBs(),
                roofs(device.roofline),
                layers.stream().mapToLong(RooflineLayer::macs).sum(),
                layers.stream().mapToLong(RooflineLayer::parameters).sum(),
                layers.stream().mapToLong(RooflineLayer::bytes).sum(),
                layers.stream().mapToDouble(RooflineLayer::attainableSeconds).sum(),
                layers);
    }

    /** By layer, the time of one run: that of all ranges which name one of its nodes, alone or fused ones together. */
    private static Map<String, Long> measuredNanos(Profile profile, long runs, List<LayerGeometry> layers) {
        Map<String, String> layerOf = new HashMap<>();
        for (LayerGeometry layer : layers) {
            layerOf.put(layer.work().node(), layer.work().node());
            layer.fused().forEach(node -> layerOf.put(node, layer.work().node()));
        }
        Map<String, Long> nanos = new HashMap<>();
        for (KernelTotal kernel : profile.kernels()) {
            kernel.range()
                    .flatMap(range -> Arrays.stream(FUSED.split(range, -1))
                            .filter(layerOf::containsKey)
                            .findFirst())
                    .ifPresent(node -> nanos.merge(
                            layerOf.getOrDefault(node, node), kernel.durations().totalNanos() / runs, Math::addExact));
        }
        return nanos;
    }

    private static List<Roof> roofs(Roofline roofline) {
        List<Roof> roofs = new ArrayList<>();
        roofs.add(roof(roofline, roofline.cudaCores()));
        roofline.tensorCores().ifPresent(peak -> roofs.add(roof(roofline, peak)));
        return roofs;
    }

    private static Roof roof(Roofline roofline, Peak peak) {
        String unit = peak.unit().label() + " " + peak.precision().label();
        return new Roof(unit, peak.tops(), peak.derivation(), roofline.ridgePoint(peak));
    }

    private static RooflineLayer layer(
            Roofline roofline, LayerGeometry layer, int elementBytes, Map<String, Long> nanos) {
        LayerCost cost = layer.cost(elementBytes);
        return new RooflineLayer(
                layer.work().node(),
                layer.work().op(),
                layer.fused(),
                layer.kind(),
                layer.work().output(),
                layer.work().macs(),
                layer.work().parameters(),
                cost.bytes(),
                cost.intensity(),
                roofline.peak(cost).unit().label(),
                roofline.bound(cost).name().toLowerCase(Locale.ROOT),
                roofline.attainableTops(cost),
                roofline.attainableSeconds(cost),
                Optional.ofNullable(nanos.get(cost.name()))
                        .filter(time -> time > 0)
                        .map(time -> achieved(roofline, cost, time)));
    }

    private static Achieved achieved(Roofline roofline, LayerCost cost, long nanos) {
        return new Achieved(
                nanos / 1e9, cost.operations() / (nanos * 1e3), roofline.attainableSeconds(cost) * 1e9 / nanos);
    }

    private static void print(Console console, RooflineReport report) {
        console.result(String.format(
                Locale.ROOT,
                "%s on %s, %s, batch %d: %.1f M MACs, %.2f M parameters, %.2f MB moved, at best %.1f us",
                report.model(),
                report.device(),
                report.precision(),
                report.batch(),
                report.macs() / 1e6,
                report.parameters() / 1e6,
                report.bytes() / 1e6,
                report.attainableSeconds() * 1e6));
        for (Roof roof : report.roofs()) {
            console.result("  " + roof.unit() + ": " + roof.derivation()
                    + String.format(Locale.ROOT, ", ridge at %.1f ops/byte", roof.ridgePoint()));
        }
        console.result(String.format(
                Locale.ROOT,
                "%-40s %-18s %12s %10s %10s %9s %-12s %-8s %9s %9s",
                "node",
                "kind",
                "MACs",
                "parameters",
                "bytes",
                "ops/byte",
                "unit",
                "bound",
                "TOPS",
                "us"));
        for (RooflineLayer layer : report.layers()) {
            console.result(String.format(
                    Locale.ROOT,
                    "%-40s %-18s %12d %10d %10d %9.2f %-12s %-8s %9.3f %9.3f%s",
                    Names.escape(layer.node()),
                    layer.kindAndFused(),
                    layer.macs(),
                    layer.parameters(),
                    layer.bytes(),
                    layer.operationalIntensity(),
                    layer.unit(),
                    layer.bound(),
                    layer.attainableTops(),
                    layer.attainableSeconds() * 1e6,
                    layer.achieved()
                            .map(real -> String.format(
                                    Locale.ROOT,
                                    "   achieved %.3f TOPS in %.3f us, %.0f%%",
                                    real.tops(),
                                    real.seconds() * 1e6,
                                    100 * real.share()))
                            .orElse("")));
        }
    }
}
