package dev.octet.backend.cuda;

import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import java.util.Optional;

/** An integer product on Hopper's warpgroup instruction, with its epilogue fused. */
final class WarpgroupStep implements CudaStep {
    private final QProduct product;
    private final ProductArguments arguments;
    private final WarpgroupTile tile;
    private final CudaDevice device;

    /**
     * Makes the step.
     *
     * @param device one that {@link #isOffered has} the kernels
     */
    WarpgroupStep(CudaDevice device, KernelSpec spec, QProduct product, WarpgroupTile tile) {
        this.product = product;
        this.arguments = product.arguments(device, spec);
        this.tile = tile;
        this.device = device;
    }

    /** Whether the device has the kernels: they are for compute capability 9.0 alone. */
    static boolean isOffered(CudaDevice device) {
        return device.find(WarpgroupTile.SMALL.kernel()).isPresent();
    }

    /** A row that computes products of one tile. */
    static Row row(WarpgroupTile tile) {
        return new Row(
                tile.stem(),
                spec -> QProduct.of(spec).isPresent(),
                (device, spec) ->
                        new WarpgroupStep(device, spec, QProduct.of(spec).orElseThrow(), tile));
    }

    /** The row of the tile that suits, if the device has it. */
    static Optional<Row> best(CudaDevice device, QProduct product) {
        return isOffered(device)
                ? Optional.of(row(WarpgroupTile.best(product, device.multiprocessors())))
                : Optional.empty();
    }

    @Override
    public boolean readsConstant(int input) {
        return ProductArguments.readsConstant(input);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        boolean takes = !tile.readsAligned() || arguments.areAligned(args);
        WarpgroupTile used = takes ? tile : WarpgroupTile.SMALL;
        device.function(used.kernel()).launch(stream, used.grid(product), arguments.of(args));
    }
}
