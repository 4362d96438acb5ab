package dev.octet.backend.cuda;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QMatMul;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Optional;

/**
 * A node that is one integer matrix product with constant weights, and its epilogue: x [rows, depth], dense, times w
 * [columns, depth] transposed. Matrix products, and convolutions each of whose outputs depends on one pixel.
 *
 * @param order where the weights lie in their tensor
 */
record QProduct(long rows, WeightOrder order, Operand x, Epilogue epilogue) {
    private static final int SHIFT = 128;

    /** The left operand's type and zero point. */
    record Operand(DType dtype, int zeroPoint) {
        boolean isSigned() {
            return dtype == DType.S8;
        }

        /** The zero point after unsigned values were shifted to signed ones. */
        int signedZeroPoint() {
            return isSigned() ? zeroPoint : zeroPoint - SHIFT;
        }
    }

    /** The node as such a product, if it is one. */
    static Optional<QProduct> of(KernelSpec spec) {
        boolean possible = spec.node().op() instanceof QMatMul || spec.node().op() instanceof QConv;
        if (!possible
                || !ProductEpilogue.isByte(spec.inputs().dtype(0))
                || !PackedProduct.canPack(spec)
                || spec.outputs().getFirst().shape().elementCount() == 0) {
            return Optional.empty();
        }
        Optional<QProduct> product = switch (spec.node().op()) {
            case QMatMul op -> ofMatMul(spec, op);
            case QConv op -> ofConv(spec, op);
            default -> Optional.empty();
        };
        return product.filter(
                p -> p.depth() > 0 && p.depth() <= Quantizer.MAX_K_U8S8 && ProductEpilogue.canStore(spec, p.epilogue));
    }

    private static Optional<QProduct> ofMatMul(KernelSpec spec, QMatMul op) {
        Shape weights = spec.inputs().shape(1);
        if (op.bZeroPoint() != 0 || weights.rank() != 2) {
            return Optional.empty();
        }
        WeightOrder order = WeightOrder.ofMatrix(Math.toIntExact(weights.dim(0)), Math.toIntExact(weights.dim(1)));
        Operand x = new Operand(spec.inputs().dtype(0), op.aZeroPoint());
        return Optional.of(new QProduct(rows(spec, order), order, x, op.epilogue()));
    }

    private static Optional<QProduct> ofConv(KernelSpec spec, QConv op) {
        Shape weights = spec.inputs().shape(1);
        if (op.layout() != Layout.CHANNELS_LAST || op.group() != 1 || weights.rank() - 2 > ConvGeometry.AXES) {
            return Optional.empty();
        }
        ConvGeometry g = ConvGeometry.of(spec.inputs().shape(0), weights, op.window(), op.group(), op.layout());
        if (!g.isPointwise()) {
            return Optional.empty();
        }
        WeightOrder order = WeightOrder.ofConv(g);
        Operand x = new Operand(spec.inputs().dtype(0), op.xZeroPoint());
        return Optional.of(new QProduct(rows(spec, order), order, x, op.epilogue()));
    }

    private static long rows(KernelSpec spec, WeightOrder order) {
        return spec.outputs().getFirst().shape().elementCount() / Math.max(1, order.columns());
    }

    int columns() {
        return order.columns();
    }

    int depth() {
        return order.depth();
    }

    /** Its constants for a product with x as signed values. */
    PackedProduct packed(CudaDevice device, KernelSpec spec) {
        return PackedProduct.once(device, spec, order, x.signedZeroPoint(), epilogue);
    }

    /** What kernels of ours are launched with. */
    ProductArguments arguments(CudaDevice device, KernelSpec spec) {
        PackedProduct packed = PackedProduct.once(device, spec, order, x.zeroPoint(), epilogue);
        ProductOperands operands =
                new ProductOperands(x.dtype(), depth(), 0, Math.toIntExact(rows), columns(), 1, depth());
        return new ProductArguments(packed, operands, packed.epilogue(epilogue, columns(), columns()));
    }

    /** What tells two products apart for whoever measures them. */
    String label() {
        boolean residual =
                epilogue instanceof Epilogue.ToInt8 to8 && to8.residual().isPresent();
        String to = epilogue.dtype().label() + (residual ? "+residual" : "");
        return x.dtype.label() + " " + rows + "x" + columns() + "x" + depth() + " " + to;
    }
}
