package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.tensor.ConfigException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Isolated("sets a system property")
class ProductModeTest {
    private final Optional<String> before = Optional.ofNullable(System.getProperty(ProductMode.PROPERTY));

    @AfterEach
    void restore() {
        before.ifPresentOrElse(
                value -> System.setProperty(ProductMode.PROPERTY, value),
                () -> System.clearProperty(ProductMode.PROPERTY));
    }

    @ParameterizedTest
    @EnumSource(ProductMode.class)
    void current_property_isThatMode(ProductMode mode) {
        System.setProperty(ProductMode.PROPERTY, mode.name().toLowerCase(java.util.Locale.ROOT));

        assertThat(ProductMode.current()).isEqualTo(mode);
    }

    @Test
    void current_unknownWord_namesTheChoices() {
        System.setProperty(ProductMode.PROPERTY, "fastest");

        assertThatThrownBy(ProductMode::current)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own, wgmma, cublaslt, auto");
    }
}
