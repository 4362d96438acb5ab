package dev.octet.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ModelException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Comparison.Pair Y = new Comparison.Pair("y", "y_q");
    private static final Comparison.Pair Z = new Comparison.Pair("z", "z");

    /** Hands out the input under several names and overwrites it after each call, as a session may. */
    private static Comparison.Run run(float factor, String... names) {
        return (inputs, sink) -> {
            float x = inputs.values().iterator().next().getFloat(0);
            for (String name : names) {
                Tensor value = Tensor.ofFloats(Shape.of(2), x * factor, x);
                sink.accept(name, value);
                value.setFloat(0, Float.NaN);
            }
        };
    }

    private static Map<String, Tensor> input(float x) {
        return Map.of("x", Tensor.scalar(x));
    }

    @Test
    void errors_overTwoSamples_comparePairsByName() {
        Comparison comparison = new Comparison(List.of(Y, Z));
        comparison.add(input(1), run(1, "y", "z", "unused"), run(1.5f, "z", "other", "y_q"));
        comparison.add(input(2), run(1, "y", "z"), run(1, "y_q", "z"));

        assertThat(comparison.samples()).isEqualTo(2);
        assertThat(comparison.errors())
                .extracting(Comparison.TensorError::names)
                .containsExactly(Y, Z);
        ErrorMetrics metrics = comparison.errors().getFirst().metrics();
        assertThat(metrics.maxAbsError()).isEqualTo(0.5);
        assertThat(metrics.sqnrDb()).isCloseTo(10 * Math.log10(10 / 0.25), Offset.offset(1e-12));
    }

    @Test
    void add_tensorMissingOnOneSide_namesIt() {
        Comparison comparison = new Comparison(List.of(Y, Z));

        assertThatThrownBy(() -> comparison.add(input(1), run(1, "y", "z"), run(1, "z")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("second run")
                .hasMessageContaining("\"y_q\"");
        assertThatThrownBy(() -> comparison.add(input(1), run(1, "y"), run(1, "y_q", "z")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("first run")
                .hasMessageContaining("\"z\"");
    }

    @Test
    void add_otherShape_namesBothTensors() {
        Comparison comparison = new Comparison(List.of(Z));

        assertThatThrownBy(() -> comparison.add(
                        input(1), run(1, "z"), (_, sink) -> sink.accept("z", Tensor.ofFloats(Shape.of(1, 2), 1, 1))))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("f32[2]")
                .hasMessageContaining("f32[1,2]");
    }

    @Test
    void construct_nameTwice_isRefused() {
        assertThatThrownBy(() -> new Comparison(List.of(Z, new Comparison.Pair("y", "z"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
