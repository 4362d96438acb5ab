package dev.octet.backend.cpu;

import dev.octet.io.ResourceFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** The functions of the shared library of native kernels, found on the class path. Loaded as long as it is referred to. */
@SuppressWarnings("restricted") // native code is this class' purpose; the jar's manifest enables it
final class NativeSymbols {
    private final SymbolLookup symbols;

    private NativeSymbols(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** The file that holds the library for this machine, relative to a class path root. */
    private static String resource() {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String name = machine.equals("amd64") ? "x86_64" : machine;
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return "native/" + system + "-" + name + "/liboctet_cpu.so";
    }

    static NativeSymbols load() throws NativeLoadException {
        try {
            return ResourceFile.use(
                            resource(), path -> new NativeSymbols(SymbolLookup.libraryLookup(path, Arena.ofAuto())))
                    .orElseThrow(() -> new NativeLoadException("the build has no native kernels for this machine"));
        } catch (IOException | IllegalArgumentException e) {
            throw new NativeLoadException("the native kernels cannot be loaded: " + e.getMessage());
        }
    }

    boolean has(String function) {
        return symbols.find(function).isPresent();
    }

    MethodHandle handle(String function, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(function), descriptor);
    }
}
