package dev.octet.onnx;

import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ONNX AttributeProto.
 *
 * @param reference the attribute of the enclosing function whose value this one takes, or empty
 */
record AttributeProto(String name, String reference, Value value) {
    /** What an attribute may hold. Lists of tensors, graphs and types are not told apart: no operator here has them. */
    sealed interface Value {
        record Real(float value) implements Value {}

        record Whole(long value) implements Value {}

        record Text(String value) implements Value {}

        record DenseTensor(TensorProto value) implements Value {}

        record SparseTensor(SparseTensorProto value) implements Value {}

        record Reals(NumberList values) implements Value {}

        record Wholes(NumberList values) implements Value {}

        record Texts(List<String> values) implements Value {}

        record Subgraph() implements Value {}

        record Other(long type) implements Value {}
    }

    static AttributeProto read(Wire in) {
        Fields fields = new Fields();
        for (int field = in.next(); field != 0; field = in.next()) {
            fields.read(field, in);
        }
        return new AttributeProto(fields.name, fields.reference, fields.value());
    }

    private static final class Fields {
        private String name = "";
        private String reference = "";
        private long type;
        private Optional<Float> real = Optional.empty();
        private Optional<Long> integer = Optional.empty();
        private Optional<String> text = Optional.empty();
        private Optional<TensorProto> tensor = Optional.empty();
        private Optional<SparseTensorProto> sparse = Optional.empty();
        private final NumberList reals = new NumberList();
        private final NumberList integers = new NumberList();
        private final List<String> texts = new ArrayList<>();
        private boolean graph;
        private boolean other;

        private void read(int field, Wire in) {
            switch (field) {
                case 1 -> name = in.string();
                case 2 -> real = Optional.of(in.fixed32());
                case 3 -> integer = Optional.of(in.varint());
                case 4 -> text = Optional.of(in.string());
                case 5 -> tensor = Optional.of(in.message(TensorProto::read));
                case 6, 11 -> {
                    in.message(GraphProto::read);
                    graph = true;
                }
                case 7 -> in.fixed32s(reals);
                case 8 -> in.varints(integers);
                case 9 -> texts.add(in.string());
                case 10 -> {
                    in.message(TensorProto::read);
                    other = true;
                }
                case 14, 15 -> {
                    in.message(TypeProto::read);
                    other = true;
                }
                case 20 -> type = in.varint();
                case 21 -> reference = in.string();
                case 22 -> sparse = Optional.of(in.message(SparseTensorProto::read));
                default -> in.skip();
            }
        }

        private Value value() {
            long kind = type == 0 ? guessedType() : type;
            return switch (Math.clamp(kind, 0, 15)) {
                case 1 -> new Value.Real(real.orElse(0f));
                case 2 -> new Value.Whole(integer.orElse(0L));
                case 3 -> new Value.Text(text.orElse(""));
                case 4 -> tensor.<Value>map(Value.DenseTensor::new).orElseGet(this::missing);
                case 5, 10 -> new Value.Subgraph();
                case 6 -> new Value.Reals(reals);
                case 7 -> new Value.Wholes(integers);
                case 8 -> new Value.Texts(texts);
                case 11 -> sparse.<Value>map(Value.SparseTensor::new).orElseGet(this::missing);
                default -> new Value.Other(kind);
            };
        }

        private Value missing() {
            if (!reference.isEmpty()) {
                return new Value.Other(type);
            }
            throw ModelException.invalid("attribute " + Names.escape(name) + " declares type " + type + " without it");
        }

        /** IR version 1 had no type field: whichever value is present decides. */
        private long guessedType() {
            if (real.isPresent()) {
                return 1;
            } else if (integer.isPresent()) {
                return 2;
            } else if (text.isPresent()) {
                return 3;
            } else if (tensor.isPresent()) {
                return 4;
            } else if (graph) {
                return 5;
            } else if (!reals.isEmpty()) {
                return 6;
            } else if (!texts.isEmpty()) {
                return 8;
            } else if (sparse.isPresent()) {
                return 11;
            }
            return other ? 13 : 7;
        }
    }
}
