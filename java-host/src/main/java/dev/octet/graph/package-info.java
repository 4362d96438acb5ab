/**
 * The model in memory. A {@link dev.octet.graph.Graph} is immutable: {@link dev.octet.graph.Node}s in topological order,
 * each with an {@link dev.octet.graph.Op} (a record of package {@code graph.op}), inputs and outputs by name; constants
 * are tensors under a name. A {@link dev.octet.graph.GraphEdit} collects changes and makes the next graph, which shares
 * with the one before what did not change ({@code Wiring}), so that each of many edits costs little.
 * {@link dev.octet.graph.ShapeInference} gives every value its type once the shapes of the inputs are known. Faults of a model are {@link dev.octet.graph.ModelException}s.
 */
@NullMarked
package dev.octet.graph;

import org.jspecify.annotations.NullMarked;
