package dev.octet.pass;

import dev.octet.graph.Names;
import dev.octet.quant.ActivationScheme;
import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.ConfigException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** From calibrated ranges to the scales and zero points of activations. */
public final class ActivationParams {
    private ActivationParams() {}

    /**
     * The parameters of every value that a placement quantizes. Values that share a scale get the union of their ranges.
     *
     * @throws ConfigException naming the node whose input has no range
     */
    public static Map<String, QuantParams.PerTensor> of(
            Placement placement, Map<String, QuantRange> ranges, ActivationScheme scheme) {
        Map<String, QuantRange> shared = new HashMap<>();
        placement.uses().forEach((value, uses) -> {
            QuantRange range = ranges.get(value);
            if (range == null) {
                throw new ConfigException("node \"" + Names.escape(uses.get(0).node())
                        + "\": int8 wanted, but no range was calibrated for \"" + Names.escape(value)
                        + "\"; calibrate it, or declare the node fp32");
            }
            shared.merge(placement.scaleOwner(value), range, ActivationParams::union);
        });
        Map<String, QuantParams.PerTensor> params = new LinkedHashMap<>();
        for (String value : placement.uses().keySet()) {
            QuantRange range = shared.getOrDefault(placement.scaleOwner(value), new QuantRange(0, 0));
            params.put(value, scheme.forObserved(range).fromRange(range));
        }
        return params;
    }

    private static QuantRange union(QuantRange a, QuantRange b) {
        return new QuantRange(Math.min(a.amin(), b.amin()), Math.max(a.amax(), b.amax()));
    }
}
