package dev.octet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.octet.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The map of the packages, and that no import points up or sideways. */
@NullMarked
class ArchitectureTest {
    private static final String ROOT = "dev.octet";

    /** Lowest first; packages of one entry are one unit, units of one level do not see each other. */
    private static final List<List<List<String>>> LEVELS = List.of(
            List.of(
                    List.of("tensor"),
                    List.of("io"),
                    List.of("profile", "profile.read", "profile.peak", "profile.roofline", "profile.verdict")),
            List.of(List.of("quant")),
            List.of(List.of("graph", "graph.op")),
            List.of(List.of("onnx"), List.of("pass"), List.of("runtime")),
            List.of(
                    List.of("calib"),
                    List.of("data"),
                    List.of("backend.cpu"),
                    List.of("backend.cuda", "backend.cuda.lt"),
                    List.of("analysis", "analysis.lint"),
                    List.of("report")),
            List.of(List.of("")),
            List.of(List.of("demo")),
            List.of(List.of("cli")));

    private static final JavaClasses CLASSES = mainClasses();

    private static JavaClasses mainClasses() {
        try {
            return new ClassFileImporter()
                    .importPath(Path.of(Tensor.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void packages_all_haveALevel() {
        TreeSet<String> unknown = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (levelOf(shortName(type)).isEmpty()) {
                unknown.add(type.getPackageName());
            }
        }

        assertThat(CLASSES).as("classes found").isNotEmpty();
        assertThat(unknown).as("packages without a level; add them to LEVELS").isEmpty();
    }

    @Test
    void imports_all_pointToLowerLevels() {
        TreeSet<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (isOurs(target) && !isAllowed(shortName(type), shortName(target))) {
                    wrong.add(dependency.getDescription());
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void nativeLinking_outsideBackends_isAbsent() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.octet.backend..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor)(\\$.*)?")
                .check(CLASSES);
    }

    @Test
    void serviceLoader_outsideRuntime_isAbsent() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.octet.runtime")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ServiceLoader.class)
                .check(CLASSES);
    }

    @Test
    void exit_outsideMain_isAbsent() {
        noClasses()
                .that(DescribedPredicate.not(JavaClass.Predicates.simpleName("Main")
                        .and(JavaClass.Predicates.resideInAPackage("dev.octet.cli"))))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .check(CLASSES);
    }

    @Test
    void standardStreams_outsideCli_areNotTouched() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.octet.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void packages_all_declareNullMarked() {
        List<String> unmarked = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(ours -> isOurs(ours.getName()) && !ours.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked).isEmpty();
    }

    private static boolean isOurs(String packageName) {
        return packageName.equals(ROOT) || packageName.startsWith(ROOT + ".");
    }

    private static boolean isAllowed(String from, String to) {
        OptionalInt fromLevel = levelOf(from);
        OptionalInt toLevel = levelOf(to);
        if (fromLevel.isEmpty() || toLevel.isEmpty()) {
            return from.equals(to);
        }
        return toLevel.getAsInt() < fromLevel.getAsInt() || unitOf(from).equals(unitOf(to));
    }

    private static OptionalInt levelOf(String name) {
        return IntStream.range(0, LEVELS.size())
                .filter(level -> LEVELS.get(level).stream().anyMatch(unit -> unit.contains(name)))
                .findFirst();
    }

    private static Optional<List<String>> unitOf(String name) {
        return LEVELS.stream()
                .flatMap(List::stream)
                .filter(unit -> unit.contains(name))
                .findFirst();
    }

    private static String shortName(JavaClass type) {
        return shortName(type.getPackageName());
    }

    private static String shortName(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }
}
