package dev.octet.graph;

/** One extent of a declared shape. */
public sealed interface Dim {
    /** An extent that the model fixes. */
    record Known(long size) implements Dim {}

    /** An extent that each run chooses; equal names mean equal extents. The name may be empty: nothing is promised. */
    record Symbol(String name) implements Dim {}
}
