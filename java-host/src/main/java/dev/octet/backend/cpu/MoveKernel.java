package dev.octet.backend.cpu;

import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import java.util.ArrayList;
import java.util.List;

/** Strided copies of elements of any width, known before running. */
final class MoveKernel implements Kernel {
    static final KernelFactory CONCAT = KernelFactory.of("java_concat", MoveKernel::new);
    static final KernelFactory DEPTH_TO_SPACE = KernelFactory.of("java_depth_to_space", MoveKernel::new);
    static final KernelFactory REPEAT = KernelFactory.of("java_repeat", MoveKernel::new);
    static final KernelFactory SPACE_TO_DEPTH = KernelFactory.of("java_space_to_depth", MoveKernel::new);
    static final KernelFactory SPLIT = KernelFactory.of("java_split", MoveKernel::new);
    static final KernelFactory TRANSPOSE = KernelFactory.of("java_transpose", MoveKernel::new);

    private final List<MovePart> parts;
    private final List<StridedCopy> copies = new ArrayList<>();

    private MoveKernel(KernelSpec spec) {
        parts = MovePart.of(spec);
        parts.forEach(part -> copies.add(new StridedCopy(part.move())));
    }

    @Override
    public boolean readsConstant(int input) {
        return parts.stream().anyMatch(part -> part.input() == input);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        for (int i = 0; i < parts.size(); i++) {
            MovePart part = parts.get(i);
            if (args.wants(part.output())) {
                copies.get(i).run(args.in(part.input()), args.out(part.output()), workers);
            }
        }
    }
}
