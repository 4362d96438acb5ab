package dev.octet.backend.cuda;

import dev.octet.graph.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.JCudaDriver;

/**
 * What kernels on one stream may find wrong in their data, such as an index outside of its axis: a kernel leaves the number
 * of the complaint in a word of device memory, where the first one stays until it is taken.
 */
final class DataFaults {
    private final CudaDevice device;
    private final MemorySegment word;
    private final List<String> complaints = new ArrayList<>();

    DataFaults(CudaDevice device, Arena arena) {
        this.device = device;
        try (Arena zero = Arena.ofConfined()) {
            this.word = device.upload(zero.allocate(Integer.BYTES), arena);
        }
    }

    /** Where a kernel leaves the number of its complaint, if 0 is there. */
    MemorySegment word() {
        return word;
    }

    /** The number of a complaint, which is the same each time. */
    int number(String complaint) {
        int known = complaints.indexOf(complaint);
        if (known < 0) {
            complaints.add(complaint);
            return complaints.size();
        }
        return known + 1;
    }

    /** The first complaint since the last call, if there was one; the stream has no work under way. */
    Optional<ModelException> take() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(ValueLayout.JAVA_INT);
            CudaResult.check(
                    JCudaDriver.cuMemcpyDtoH(NativeAddress.host(host), NativeAddress.device(word), Integer.BYTES),
                    "reading what kernels complained about");
            int number = host.get(ValueLayout.JAVA_INT, 0);
            if (number == 0) {
                return Optional.empty();
            }
            host.set(ValueLayout.JAVA_INT, 0, 0);
            CudaResult.check(
                    JCudaDriver.cuMemcpyHtoD(NativeAddress.device(word), NativeAddress.host(host), Integer.BYTES),
                    "forgetting what kernels complained about on " + device.name());
            return Optional.of(ModelException.data(complaints.get(number - 1)));
        }
    }
}
