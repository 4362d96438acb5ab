package dev.octet.analysis;

/**
 * What one node costs.
 *
 * @param node its name
 * @param op its operator's name
 * @param precision {@code int8} if its inputs are 8-bit integers or dequantized from them, else the type of input 0
 * @param macs multiply-accumulate operations of matrix products and convolutions, padding included; 0 elsewhere
 * @param parameters elements of its constant weights and biases, dequantized ones included; single numbers, such as
 *     the bounds of a Clip, are none
 * @param readBytes of inputs and constants, each once
 * @param writtenBytes of outputs
 * @param output the type of output 0, such as {@code f32[1,64,56,56]}
 */
public record LayerWorkload(
        String node,
        String op,
        String precision,
        long macs,
        long parameters,
        long readBytes,
        long writtenBytes,
        String output) {
    /** Operations (two for each multiply-accumulate) for each byte moved: the roofline model's abscissa. */
    public double operationalIntensity() {
        long moved = readBytes + writtenBytes;
        return moved == 0 ? 0 : 2.0 * macs / moved;
    }
}
