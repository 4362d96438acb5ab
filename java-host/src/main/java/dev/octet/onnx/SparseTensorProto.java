package dev.octet.onnx;

import java.util.Optional;

/** ONNX SparseTensorProto. */
record SparseTensorProto(Optional<TensorProto> values, Optional<TensorProto> indices, NumberList dims) {
    static SparseTensorProto read(Wire in) {
        Optional<TensorProto> values = Optional.empty();
        Optional<TensorProto> indices = Optional.empty();
        NumberList dims = new NumberList();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> values = Optional.of(in.message(TensorProto::read));
                case 2 -> indices = Optional.of(in.message(TensorProto::read));
                case 3 -> in.varints(dims);
                default -> in.skip();
            }
        }
        return new SparseTensorProto(values, indices, dims);
    }

    String name() {
        return values.map(TensorProto::name).orElse("");
    }
}
