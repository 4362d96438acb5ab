package dev.octet.graph;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.PermutedMatMul;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.QMatMul;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Checks the quantization parameters of one node as far as they are constant: scales positive and finite, as many scales
 * as channels, limits in order.
 */
final class QuantizationVerifier {
    private QuantizationVerifier() {}

    static void verify(Graph graph, Node node) {
        switch (node.op().type().name()) {
            case "QuantizeLinear", "DequantizeLinear" -> verifyLinear(graph, node);
            default -> verifyInternal(graph, node);
        }
    }

    private static void verifyLinear(Graph graph, Node node) {
        Optional<Tensor> constant = graph.constant(node.input(1));
        if (constant.isEmpty()) {
            return;
        }
        Tensor scale = constant.get();
        for (long i = 0; i < scale.elementCount(); i++) {
            requireScale("scale", scale.getFloat(i));
        }
        Optional<Shape> zeroPoint = graph.constant(node.input(2)).map(Tensor::shape);
        if (zeroPoint.isPresent() && zeroPoint.get().elementCount() != scale.elementCount()) {
            throw ModelException.invalid("zero point " + zeroPoint.get() + " and scale " + scale.shape() + " differ");
        }
        Optional<Shape> x = graph.constant(node.input(0)).map(Tensor::shape);
        boolean blocked = node.op().attributes().integer("block_size", 0) > 0;
        if (x.isPresent() && scale.elementCount() != 1 && !blocked) {
            requireAxis(x.get(), scale.shape(), node.op().attributes().integer("axis", 1));
        }
    }

    private static void requireAxis(Shape x, Shape scale, long axis) {
        if (axis < -x.rank() || axis >= x.rank()) {
            throw ModelException.invalid("axis " + axis + " is outside the rank of " + x);
        }
        if (scale.elementCount() != x.dim(x.axis(axis))) {
            throw ModelException.invalid("scale has " + scale.elementCount() + " entries but axis " + axis + " of " + x
                    + " has " + x.dim(x.axis(axis)));
        }
    }

    private static void verifyInternal(Graph graph, Node node) {
        switch (node.op()) {
            case QConv conv -> {
                Optional<Shape> weight = graph.constant(node.input(1)).map(Tensor::shape);
                verifyEpilogue(conv.epilogue(), weight.map(shape -> shape.dim(0)));
                requireZeroPoint(graph.dtype(node.input(0)), conv.xZeroPoint());
                requireBias(graph, node, weight.map(shape -> shape.dim(0)));
            }
            case QMatMul product -> verifyProduct(graph, node, product);
            case PermutedMatMul permuted
            when permuted.product() instanceof QMatMul product -> verifyProduct(graph, node, product);
            case QBinary binary -> {
                requireMultiplier("multiplier", binary.aMultiplier());
                requireMultiplier("multiplier", binary.bMultiplier());
                requireZeroPoint(graph.dtype(node.input(0)), binary.aZeroPoint());
                requireZeroPoint(graph.dtype(node.input(1)), binary.bZeroPoint());
                requireLimits(binary.dtype(), binary.zeroPoint(), binary.qmin(), binary.qmax());
            }
            case QGlobalAveragePool pool -> {
                requireScale("input scale", pool.inputScale());
                requireScale("output scale", pool.outputScale());
                requireZeroPoint(graph.dtype(node.input(0)), pool.xZeroPoint());
                requireZeroPoint(pool.dtype(), pool.zeroPoint());
            }
            default -> {}
        }
    }

    private static void verifyProduct(Graph graph, Node node, QMatMul product) {
        Optional<Shape> b = graph.constant(node.input(1)).map(Tensor::shape);
        verifyEpilogue(product.epilogue(), b.map(shape -> shape.dim(-1)));
        requireZeroPoint(graph.dtype(node.input(0)), product.aZeroPoint());
        requireZeroPoint(graph.dtype(node.input(1)), product.bZeroPoint());
        requireBias(graph, node, b.map(shape -> shape.dim(-1)));
    }

    private static void verifyEpilogue(Epilogue epilogue, Optional<Long> channels) {
        switch (epilogue) {
            case Epilogue.ToInt8 to -> {
                requireScales("multiplier", to.multipliers(), channels);
                requireLimits(to.dtype(), to.zeroPoint(), to.qmin(), to.qmax());
                to.residual().ifPresent(residual -> {
                    requireMultiplier("residual multiplier", residual.multiplier());
                    requireZeroPoint(residual.dtype(), residual.zeroPoint());
                });
            }
            case Epilogue.ToFloat to -> {
                requireScales("scale", to.scales(), channels);
                if (!(to.min() <= to.max())) {
                    throw ModelException.invalid("limits " + to.min() + " and " + to.max() + " are not in order");
                }
            }
        }
    }

    private static void requireScales(String what, float[] scales, Optional<Long> channels) {
        for (float scale : scales) {
            requireMultiplier(what, scale);
        }
        if (channels.isPresent() && scales.length != 1 && scales.length != channels.get()) {
            throw ModelException.invalid("has " + scales.length + " " + what + "s for " + channels.get() + " channels: "
                    + Arrays.toString(Arrays.copyOf(scales, Math.min(scales.length, 4))));
        }
    }

    private static void requireBias(Graph graph, Node node, Optional<Long> channels) {
        if (!node.hasInput(2)) {
            return;
        }
        if (graph.dtype(node.input(2)) != DType.S32) {
            throw ModelException.invalid("bias is " + graph.dtype(node.input(2)).label() + ", expected s32");
        }
        Optional<Tensor> bias = graph.constant(node.input(2));
        if (bias.isPresent() && channels.isPresent() && bias.get().elementCount() != channels.get()) {
            throw ModelException.invalid("bias " + bias.get().shape() + " for " + channels.get() + " channels");
        }
    }

    private static void requireScale(String what, float scale) {
        if (!(scale > 0 && Float.isFinite(scale))) {
            throw ModelException.invalid(what + " " + scale + " is not positive and finite");
        }
    }

    /** A product of scales may underflow to zero. */
    private static void requireMultiplier(String what, float multiplier) {
        if (!(multiplier >= 0 && Float.isFinite(multiplier))) {
            throw ModelException.invalid(what + " " + multiplier + " is negative or not finite");
        }
    }

    private static void requireZeroPoint(DType dtype, int zeroPoint) {
        if (zeroPoint < dtype.minInteger() || zeroPoint > dtype.maxInteger()) {
            throw ModelException.invalid("zero point " + zeroPoint + " does not fit " + dtype.label());
        }
    }

    private static void requireLimits(DType dtype, int zeroPoint, int qmin, int qmax) {
        requireZeroPoint(dtype, zeroPoint);
        if (!(dtype.minInteger() <= qmin && qmin <= qmax && qmax <= dtype.maxInteger())) {
            throw ModelException.invalid("limits " + qmin + " and " + qmax + " do not fit " + dtype.label());
        }
    }
}
