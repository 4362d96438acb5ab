package dev.octet.calib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.quant.ActivationScheme;
import dev.octet.quant.QuantRange;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calibrates a graph that a session really runs; every value is an output, the input included. */
class SessionCalibrationTest {
    private static final long SEED = 8;
    private static final int WIDTH = 33;

    private static Graph graph() {
        ValueInfo x = new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("n"), new Dim.Known(WIDTH))));
        List<Node> nodes = List.of(
                new Node("add", new Binary(BinaryFunction.ADD), List.of("x", "shift"), List.of("y")),
                new Node("relu", new Unary(UnaryFunction.RELU), List.of("y"), List.of("z")));
        List<ValueInfo> outputs = List.of(x, output("y"), output("z"));
        return new Graph("test", List.of(x), outputs, nodes, Map.of("shift", Tensor.scalar(0.25f)));
    }

    private static ValueInfo output(String name) {
        return new ValueInfo(name, DType.F32, Optional.empty());
    }

    private static List<Tensor> samples() {
        Random random = new Random(SEED);
        List<Tensor> samples = new ArrayList<>();
        for (int s = 0; s < 40; s++) {
            Tensor sample = Tensor.allocate(DType.F32, Shape.of(1 + s % 3, WIDTH));
            for (long i = 0; i < sample.elementCount(); i++) {
                sample.setFloat(i, (float) random.nextGaussian());
            }
            samples.add(sample);
        }
        return samples;
    }

    private static RangeTable table(List<Tensor> samples, int threads) {
        SampleSource source = new SampleSource() {
            @Override
            public int count() {
                return samples.size();
            }

            @Override
            public Map<String, Tensor> inputs(int index) {
                return Map.of("x", samples.get(index));
            }
        };
        try (Session session = Session.open(graph(), SessionOptions.defaults().withThreads(threads))) {
            return new CalibrationRun(source, session::run, () -> {})
                    .histograms(Histogram.DEFAULT_BINS)
                    .table(
                            new MseCalibrator(),
                            ActivationScheme.SIGN_AWARE,
                            new CalibrationData.Origin("model", "version"));
        }
    }

    @Test
    void histograms_ofASession_coverInputsAndOutputs() {
        RangeTable table = table(samples(), 1);

        assertThat(table.entries().keySet()).containsExactly("x", "y", "z");
        QuantRange x = observed(table, "x");
        assertThat(observed(table, "y")).isEqualTo(new QuantRange(x.amin() + 0.25f, x.amax() + 0.25f));
        assertThat(observed(table, "z")).isEqualTo(new QuantRange(0, x.amax() + 0.25f));
    }

    private static QuantRange observed(RangeTable table, String name) {
        return table.find(name).orElseThrow().observed().orElseThrow().range();
    }

    @Test
    void histograms_anyOrderAndThreads_giveByteIdenticalTables() {
        String expected = RangeJson.format(table(samples(), 1));
        List<Tensor> shuffled = samples();
        Collections.shuffle(shuffled, new Random(SEED));

        assertThat(RangeJson.format(table(shuffled, 3))).as("seed %d", SEED).isEqualTo(expected);
    }
}
