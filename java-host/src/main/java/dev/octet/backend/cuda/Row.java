package dev.octet.backend.cuda;

import dev.octet.runtime.KernelSpec;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * One way to compute one operator on a device.
 *
 * @param name the kernel's name, or the stem of its kernels' names, as plans and reports show it
 * @param supports whether {@code prepare} can take this; the first row that can is used
 * @param prepare packs and uploads weights and fixes sizes
 */
record Row(String name, Predicate<KernelSpec> supports, BiFunction<CudaDevice, KernelSpec, CudaStep> prepare) {
    /** The name with the device's tensor-core instruction where it says {@code imma} or {@code hmma}. */
    String nameOn(CudaDevice device) {
        return name.replace("_imma_", "_" + ProductTiles.instruction(device) + "_")
                .replace("_hmma_", "_" + FloatUnit.halfInstruction(device) + "_");
    }
}
