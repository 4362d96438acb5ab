package dev.octet.onnx;

/** ONNX ValueInfoProto. */
record ValueInfoProto(String name, TypeProto type) {
    static ValueInfoProto read(Wire in) {
        String name = "";
        TypeProto type = TypeProto.ABSENT;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> name = in.string();
                case 2 -> type = in.message(TypeProto::read);
                default -> in.skip();
            }
        }
        return new ValueInfoProto(name, type);
    }
}
