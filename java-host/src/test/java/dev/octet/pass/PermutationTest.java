package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PermutationTest {
    @Test
    void toChannelsLast_rank4_movesChannelsToTheEnd() {
        assertThat(Permutation.toChannelsLast(4).order()).containsExactly(0, 2, 3, 1);
        assertThat(Permutation.toChannelsFirst(4).order()).containsExactly(0, 3, 1, 2);
    }

    @Test
    void then_inverse_isIdentity() {
        Permutation permutation = new Permutation(new int[] {2, 0, 3, 1});

        assertThat(permutation.then(permutation.inverse()).isIdentity()).isTrue();
        assertThat(permutation.isIdentity()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "S8", "S64", "F16"})
    void undo_constant_transposesBackToIt(DType dtype) {
        Permutation permutation = Permutation.toChannelsFirst(4);
        Tensor constant = TestTensors.uniform(dtype, Shape.of(5, 3, 2), 100, 7);

        Tensor undone = permutation.undo(constant);

        assertThat(undone.shape()).isEqualTo(Shape.of(1, 3, 2, 5));
        Tensor back = OneNode.run(permutation.operator(), undone);
        assertThat(back.reshape(constant.shape()).contentEquals(constant)).isTrue();
    }
}
