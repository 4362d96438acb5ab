package dev.octet.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ONNX TensorProto. Values stay where the file has them, but for the rare numeric fields. */
record TensorProto(
        String name,
        NumberList dims,
        long dataType,
        boolean segmented,
        NumberList floatData,
        NumberList int32Data,
        NumberList int64Data,
        NumberList doubleData,
        NumberList uint64Data,
        int stringCount,
        Optional<Wire.Region> rawData,
        List<Entry> externalData,
        boolean external) {

    /** ONNX StringStringEntryProto. */
    record Entry(String key, String value) {
        static Entry read(Wire in) {
            String key = "";
            String value = "";
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 1 -> key = in.string();
                    case 2 -> value = in.string();
                    default -> in.skip();
                }
            }
            return new Entry(key, value);
        }
    }

    static TensorProto read(Wire in) {
        Fields fields = new Fields();
        for (int field = in.next(); field != 0; field = in.next()) {
            fields.read(field, in);
        }
        return new TensorProto(
                fields.name,
                fields.dims,
                fields.dataType,
                fields.segmented,
                fields.floatData,
                fields.int32Data,
                fields.int64Data,
                fields.doubleData,
                fields.uint64Data,
                fields.stringCount,
                fields.rawData,
                fields.externalData,
                fields.external);
    }

    private static final class Fields {
        private String name = "";
        private final NumberList dims = new NumberList();
        private long dataType;
        private boolean segmented;
        private final NumberList floatData = new NumberList();
        private final NumberList int32Data = new NumberList();
        private final NumberList int64Data = new NumberList();
        private final NumberList doubleData = new NumberList();
        private final NumberList uint64Data = new NumberList();
        private int stringCount;
        private Optional<Wire.Region> rawData = Optional.empty();
        private final List<Entry> externalData = new ArrayList<>();
        private boolean external;

        private void read(int field, Wire in) {
            switch (field) {
                case 1 -> in.varints(dims);
                case 2 -> dataType = in.varint();
                case 3 -> {
                    segmented = true;
                    in.skip();
                }
                case 4 -> in.fixed32s(floatData);
                case 5 -> in.varints(int32Data);
                case 6 -> {
                    stringCount++;
                    in.skip();
                }
                case 7 -> in.varints(int64Data);
                case 8 -> name = in.string();
                case 9 -> rawData = Optional.of(in.region());
                case 10 -> in.fixed64s(doubleData);
                case 11 -> in.varints(uint64Data);
                case 13 -> externalData.add(in.message(Entry::read));
                case 14 -> external = in.varint() == 1;
                default -> in.skip();
            }
        }
    }
}
