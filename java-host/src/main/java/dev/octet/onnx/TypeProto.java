package dev.octet.onnx;

import dev.octet.graph.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ONNX TypeProto.
 *
 * @param kind what it describes
 * @param elementType code of a tensor's elements, 0 if not given
 * @param dims empty if not even the rank is given
 */
record TypeProto(Kind kind, long elementType, Optional<List<Dim>> dims) {
    static final TypeProto ABSENT = new TypeProto(Kind.NONE, 0, Optional.empty());

    /** The cases of the message's union. */
    enum Kind {
        NONE,
        TENSOR,
        SEQUENCE,
        MAP,
        OPTIONAL,
        SPARSE
    }

    static TypeProto read(Wire in) {
        TypeProto type = ABSENT;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> type = in.message(TypeProto::readTensor);
                case 4 -> type = in.message(wire -> readContainer(wire, Kind.SEQUENCE, 1));
                case 5 -> type = in.message(wire -> readContainer(wire, Kind.MAP, 2));
                case 8 -> type = in.message(wire -> readContainer(wire, Kind.SPARSE, 0));
                case 9 -> type = in.message(wire -> readContainer(wire, Kind.OPTIONAL, 1));
                default -> in.skip();
            }
        }
        return type;
    }

    private static TypeProto readContainer(Wire in, Kind kind, int elementField) {
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == elementField) {
                in.message(TypeProto::read);
            } else {
                in.skip();
            }
        }
        return new TypeProto(kind, 0, Optional.empty());
    }

    private static TypeProto readTensor(Wire in) {
        long elementType = 0;
        Optional<List<Dim>> dims = Optional.empty();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> elementType = in.varint();
                case 2 -> dims = Optional.of(in.message(TypeProto::readShape));
                default -> in.skip();
            }
        }
        return new TypeProto(Kind.TENSOR, elementType, dims);
    }

    private static List<Dim> readShape(Wire in) {
        List<Dim> dims = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                dims.add(in.message(TypeProto::readDim));
            } else {
                in.skip();
            }
        }
        return dims;
    }

    private static Dim readDim(Wire in) {
        Dim dim = new Dim.Symbol("");
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> {
                    long size = in.varint();
                    dim = size >= 0 ? new Dim.Known(size) : new Dim.Symbol("");
                }
                case 2 -> dim = new Dim.Symbol(in.string());
                default -> in.skip();
            }
        }
        return dim;
    }
}
