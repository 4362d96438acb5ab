package dev.octet.cli;

import dev.octet.Version;
import dev.octet.report.DoctorReport;
import dev.octet.report.DoctorReport.DeviceState;
import dev.octet.report.DoctorReport.Gpu;
import dev.octet.report.DoctorReport.LibraryState;
import dev.octet.runtime.Backend;
import dev.octet.runtime.BackendDetails.DeviceDetails;
import dev.octet.runtime.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** What this machine can run, and what is missing. */
final class DoctorCommand implements Command {
    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "what this machine can run, what is missing and how to get it";
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public Options options() {
        return RunOptions.json(new Options());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        List<Backend> backends = Backends.find().installed();
        MachineLibraries libraries = new MachineLibraries(SearchPath.libraries(), SearchPath.programs());
        DoctorReport report = new DoctorReport(
                Version.current(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", "
                        + System.getProperty("java.vendor"),
                HostProcessor.name() + ", " + Runtime.getRuntime().availableProcessors() + " processors",
                backends.stream()
                        .flatMap(backend -> backend.details().features().stream())
                        .toList(),
                devices(backends),
                libraries.states(backends));
        if (!RunOptions.printedJson(invocation, report)) {
            print(invocation.console(), report);
        }
        return ExitCode.OK;
    }

    private static List<DeviceState> devices(List<Backend> backends) {
        List<DeviceState> devices = new ArrayList<>();
        for (Backend backend : backends) {
            Optional<String> fault = backend.unavailable();
            List<DeviceDetails> found = backend.details().devices();
            if (found.isEmpty()) {
                devices.add(
                        new DeviceState(backend.name(), backend.describe(), fault.isEmpty(), fault, Optional.empty()));
            }
            for (DeviceDetails device : found) {
                Gpu gpu = new Gpu(device.computeCapability(), device.memoryBytes(), device.driver());
                devices.add(
                        new DeviceState(device.name(), device.description(), fault.isEmpty(), fault, Optional.of(gpu)));
            }
        }
        return devices;
    }

    private static void print(Console console, DoctorReport report) {
        console.result("Octet    " + report.octetVersion());
        console.result("Java     " + report.java());
        console.result("CPU      " + report.cpu());
        console.result("in use   "
                + (report.cpuFeatures().isEmpty() ? "Java kernels only" : String.join(", ", report.cpuFeatures())));
        console.result("");
        console.result("devices");
        for (DeviceState device : report.devices()) {
            console.result(line(device.works(), device.name(), describe(device)));
        }
        console.result("libraries and programs");
        for (LibraryState library : report.libraries()) {
            String detail = library.why().or(library::where).orElse("loaded");
            console.result(line(library.found(), library.name(), detail));
        }
    }

    private static String describe(DeviceState device) {
        String gpu = device.gpu()
                .map(facts -> String.format(
                        Locale.ROOT,
                        ", compute capability %s, %.1f GiB, driver for CUDA %s",
                        facts.computeCapability(),
                        facts.memoryBytes() / 0x1p30,
                        facts.driver()))
                .orElse("");
        return device.why().orElse(device.description() + gpu);
    }

    private static String line(boolean good, String name, String detail) {
        return String.format(Locale.ROOT, "  %-7s %-20s %s", good ? "ok" : "missing", name, detail);
    }
}
