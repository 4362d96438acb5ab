package dev.octet.backend.cuda.lt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Collections;

/**
 * A loaded libcublasLt and the functions of it that are used. The only place that calls it; every status is checked here.
 * Stays loaded until the JVM ends, because the driver may hold its code.
 */
@SuppressWarnings("restricted") // native code is this class' purpose; the jar's manifest enables it
public final class LtLibrary {
    private final String name;
    private final SymbolLookup symbols;
    private final long version;
    private final MethodHandle matmul;

    private LtLibrary(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
        FunctionDescriptor sixteenArguments = FunctionDescriptor.of(
                        JAVA_INT, Collections.nCopies(14, ADDRESS).toArray(new MemoryLayout[0]))
                .appendArgumentLayouts(JAVA_LONG, ADDRESS);
        this.matmul = handle("cublasLtMatmul", sixteenArguments);
        this.version = readVersion();
    }

    /**
     * Loads a library by its name, as the dynamic linker finds it.
     *
     * @throws IllegalArgumentException if it cannot be loaded or is not cuBLASLt
     */
    static LtLibrary named(String soname) {
        return new LtLibrary(soname, SymbolLookup.libraryLookup(soname, Arena.global()));
    }

    /**
     * Loads a library file.
     *
     * @throws IllegalArgumentException if it cannot be loaded or is not cuBLASLt
     */
    static LtLibrary at(Path file) {
        return new LtLibrary(file.toString(), SymbolLookup.libraryLookup(file, Arena.global()));
    }

    /** The name or file it was loaded from. */
    public String name() {
        return name;
    }

    /** Its version as it states it, such as 130101 for 13.1.1. */
    public long version() {
        return version;
    }

    /** Its version for people. */
    public String versionText() {
        return version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
    }

    private long readVersion() {
        try {
            return (long) handle("cublasLtGetVersion", FunctionDescriptor.of(JAVA_LONG))
                    .invokeExact();
        } catch (Throwable e) {
            throw unexpected("cublasLtGetVersion", e);
        }
    }

    private MethodHandle handle(String function, FunctionDescriptor descriptor) {
        MemorySegment address =
                symbols.find(function).orElseThrow(() -> new IllegalArgumentException(name + " lacks " + function));
        return Linker.nativeLinker().downcallHandle(address, descriptor);
    }

    /** Calls a function that is not on the way of a running plan; its parameters' types are those of the arguments. */
    int status(String function, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case MemorySegment _ -> ADDRESS;
                case Integer _ -> JAVA_INT;
                case Long _ -> JAVA_LONG;
                default -> throw new IllegalArgumentException("argument " + i + " of " + function);
            };
        }
        try {
            return (int)
                    handle(function, FunctionDescriptor.of(JAVA_INT, layouts)).invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(function, e);
        }
    }

    /**
     * Calls a function and insists on success.
     *
     * @throws BackendException if it fails
     */
    void call(String function, Object... arguments) {
        check(function, status(function, arguments));
    }

    /** Gives an object back. A failure is logged: what came before it matters more, and a lost device keeps nothing. */
    void release(String function, MemorySegment object) {
        int status = status(function, object);
        if (status != LtAbi.STATUS_OK) {
            System.getLogger(LtLibrary.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0}: {1}", function, LtAbi.statusName(status));
        }
    }

    /** Enqueues a product. */
    void matmul(MemorySegment handle, LtMatmul.Call call) {
        LtMatmul.Descriptors d = call.descriptors();
        LtOperands operands = call.operands();
        try {
            check("cublasLtMatmul", (int) matmul.invokeExact(
                    handle,
                    d.matmul(),
                    call.alpha(),
                    operands.w(),
                    d.a(),
                    operands.x(),
                    d.b(),
                    call.beta(),
                    operands.d(),
                    d.d(),
                    operands.d(),
                    d.d(),
                    call.algorithm().data(),
                    operands.workspace(),
                    operands.workspace().byteSize(),
                    call.stream()));
        } catch (Throwable e) {
            throw unexpected("cublasLtMatmul", e);
        }
    }

    private void check(String function, int status) {
        if (status != LtAbi.STATUS_OK) {
            String statusName = LtAbi.statusName(status);
            throw new BackendException(
                    function + " of " + name + " failed: " + statusName + " (" + status
                            + "); octet doctor shows what this machine has, --device cpu runs without it",
                    status,
                    statusName);
        }
    }

    private static RuntimeException unexpected(String function, Throwable e) {
        return switch (e) {
            case RuntimeException exception -> exception;
            case Error error -> throw error;
            default -> new IllegalStateException(function, e);
        };
    }
}
