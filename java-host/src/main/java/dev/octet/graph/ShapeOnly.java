package dev.octet.graph;

import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;

/** An operator whose single output depends on its inputs' shapes alone, not on their values (Shape, Size). */
public interface ShapeOnly extends Op {
    Tensor fromShapes(List<Shape> inputs);
}
