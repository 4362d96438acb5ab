package dev.octet.backend.cuda;

import dev.octet.graph.Op;
import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QMatMul;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/**
 * A node that is one integer matrix product with constant weights: x [rows, depth] times w [columns, depth] transposed, and
 * its epilogue. Matrix products, and convolutions of single pixels.
 *
 * @param weights s8; [columns, depth] if {@code transposed}, else [depth, columns]
 * @param bias s32, one a column
 */
record QProduct(
        Sizes sizes,
        Operand x,
        Tensor weights,
        boolean transposed,
        Optional<Tensor> bias,
        Epilogue epilogue) {
    record Sizes(long rows, long columns, long depth) {}

    /** The left operand's type and zero point. */
    record Operand(DType dtype, int zeroPoint) {
        boolean isSigned() {
            return dtype == DType.S8;
        }
    }

    /** The node as such a product, if it is one. */
    static Optional<QProduct> of(KernelSpec spec) {
        if (!isByte(spec.inputs().dtype(0)) || spec.outputs().getFirst().shape().elementCount() == 0) {
            return Optional.empty();
        }
        Optional<Tensor> weights = KnownInput.of(spec, 1).filter(w -> w.dtype() == DType.S8);
        Optional<Tensor> bias = KnownInput.of(spec, 2);
        if (weights.isEmpty() || (spec.inputs().has(2) && bias.isEmpty())) {
            return Optional.empty();
        }
        Optional<QProduct> product = ofOp(spec, spec.node().op(), weights.get(), bias);
        return product.filter(p -> p.sizes.depth > 0
                && p.sizes.depth <= Quantizer.MAX_K_U8S8
                && p.residual().isPresent() == spec.inputs().has(3));
    }

    private static Optional<QProduct> ofOp(KernelSpec spec, Op op, Tensor weights, Optional<Tensor> bias) {
        return switch (op) {
            case QMatMul matMul when matMul.bZeroPoint() == 0 && weights.shape().rank() == 2 -> {
                long depth = weights.shape().dim(0);
                long columns = weights.shape().dim(1);
                Operand x = new Operand(spec.inputs().dtype(0), matMul.aZeroPoint());
                yield Optional.of(new QProduct(
                        sizes(spec, columns, depth), x, weights, false, bias, matMul.epilogue()));
            }
            case QConv conv when isPointwise(spec, conv, weights.shape()) -> {
                long columns = weights.shape().dim(0);
                long depth = weights.shape().dim(1);
                Operand x = new Operand(spec.inputs().dtype(0), conv.xZeroPoint());
                yield Optional.of(
                        new QProduct(sizes(spec, columns, depth), x, weights, true, bias, conv.epilogue()));
            }
            default -> Optional.empty();
        };
    }

    private static Sizes sizes(KernelSpec spec, long columns, long depth) {
        long outputs = spec.outputs().getFirst().shape().elementCount();
        return new Sizes(outputs / Math.max(1, columns), columns, depth);
    }

    private static boolean isPointwise(KernelSpec spec, QConv conv, Shape weight) {
        return conv.layout() == Layout.CHANNELS_LAST
                && conv.group() == 1
                && weight.rank() - 2 <= ConvGeometry.AXES
                && ConvGeometry.of(spec.inputs().shape(0), weight, conv.window(), conv.group(), conv.layout())
                        .isPointwise();
    }

    private static boolean isByte(DType dtype) {
        return dtype == DType.S8 || dtype == DType.U8;
    }

    Optional<Epilogue.Residual> residual() {
        return epilogue instanceof Epilogue.ToInt8 to8 ? to8.residual() : Optional.empty();
    }

    byte weight(long column, long k) {
        long index = transposed ? column * sizes.depth + k : k * sizes.columns + column;
        return weights.data().get(Tensor.S8_LAYOUT, index);
    }

    /** What tells two products apart for whoever measures them. */
    String label() {
        String to = epilogue.dtype().label() + (residual().isPresent() ? "+residual" : "");
        return x.dtype.label() + " " + sizes.rows + "x" + sizes.columns + "x" + sizes.depth + " " + to;
    }
}
