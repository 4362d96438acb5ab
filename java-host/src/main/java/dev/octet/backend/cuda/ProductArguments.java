package dev.octet.backend.cuda;

import dev.octet.runtime.KernelArgs;

/** What kernels of an integer product with packed weights are launched with, before what only some of them take. */
record ProductArguments(PackedProduct packed, ProductOperands operands, ProductEpilogue epilogue) {
    KernelParams of(KernelArgs args) {
        return new KernelParams()
                .structure(operands.of(args.in(0).data(), packed))
                .structure(epilogue.of(args));
    }

    /** Whether x lies such that kernels can read 16 bytes at once. */
    boolean areAligned(KernelArgs args) {
        return operands.access(args.in(0).data()) == PackedProduct.PIECE;
    }

    /** The weights and the bias are packed instead. */
    static boolean readsConstant(int input) {
        return input != 1 && input != 2;
    }
}
