package dev.octet.quant;

/** The scales and zero points of any {@link QuantParams} by the index that {@link Partition} gives. */
record ScaleTable(float[] scales, int[] zeroPoints) {
    static ScaleTable of(QuantParams params) {
        return switch (params) {
            case QuantParams.PerTensor p -> new ScaleTable(new float[] {p.scale()}, new int[] {p.zeroPoint()});
            case QuantParams.PerAxis p -> new ScaleTable(p.scales(), p.zeroPoints());
            case QuantParams.PerBlock p -> new ScaleTable(p.scales(), p.zeroPoints());
        };
    }

    float scale(int index) {
        return scales[index];
    }

    int zeroPoint(int index) {
        return zeroPoints[index];
    }
}
