package dev.octet.graph;

import java.util.function.Function;

/**
 * What the list of operators knows of one: its name, since when, how many inputs and outputs, and how it is read.
 *
 * @param domain empty for ONNX's own, {@code dev.octet} for integer operators that only plans contain
 * @param name ONNX's name
 * @param introduced the operator set that first had it
 * @param form the operator set whose form the record has: the lowest that a written model must declare
 * @param minInputs required inputs
 * @param maxInputs most inputs, {@link #ANY} for variadic ones
 * @param minOutputs required outputs
 * @param maxOutputs most outputs
 * @param read makes the record from attributes
 */
public record OpType(
        String domain,
        String name,
        int introduced,
        int form,
        int minInputs,
        int maxInputs,
        int minOutputs,
        int maxOutputs,
        Function<Attributes, ? extends Op> read) {
    public static final int ANY = Integer.MAX_VALUE;

    /** The domain of operators that are not ONNX's. */
    public static final String INTERNAL = "dev.octet";

    /** An ONNX operator with a fixed number of inputs and one output. */
    public static OpType onnx(String name, int introduced, int form, int inputs, Function<Attributes, Op> read) {
        return new OpType("", name, introduced, form, inputs, inputs, 1, 1, read);
    }

    /** The same with a range of input counts. */
    public OpType inputs(int min, int max) {
        return new OpType(domain, name, introduced, form, min, max, minOutputs, maxOutputs, read);
    }

    /** The same with a range of output counts. */
    public OpType outputs(int min, int max) {
        return new OpType(domain, name, introduced, form, minInputs, maxInputs, min, max, read);
    }

    /** An operator that only plans contain: it has no attributes to read or write. */
    public static OpType internal(String name, int minInputs, int maxInputs) {
        return new OpType(INTERNAL, name, 1, 1, minInputs, maxInputs, 1, 1, attributes -> {
            throw ModelException.unsupported("operator " + INTERNAL + "::" + name + " cannot be read from a file");
        });
    }
}
