package dev.octet.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
    private static final String OWN = "own:";

    @Test
    void isIn_everyRuleAndName_agreesWithThePlainPattern() throws IOException {
        List<String> names = column("seen-kernel-names.tsv", 1);
        names.addAll(column("further-kernel-names.tsv", 1));
        List<String> rules = column("kernel-rules.tsv", 4);

        assertThat(rules).hasSizeGreaterThan(60);
        for (String rule : rules) {
            String text = rule.startsWith(OWN) ? rule.substring(OWN.length()) : rule;
            Pattern plain = Pattern.compile(text, Pattern.CASE_INSENSITIVE);
            NamePattern pattern = new NamePattern(text);
            for (String name : names) {
                assertThat(pattern.isIn(name, name.toLowerCase(Locale.ROOT)))
                        .as("%s in %s", text, name)
                        .isEqualTo(plain.matcher(name).find());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "colou?r, the color, true",
        "colou?r, the colr, false",
        "ab*c, ac, true",
        "a[(|]b|c, a|b, true",
        "a[(|]b|xc, ab, false",
        "(a|b)c|d, bc, true",
        "(?<!x)y|z, xy, false",
        "q{0}r, r, true",
        "a\\|b, a|b, true",
        "GEMM, sgemm_, true"
    })
    void isIn_groupsClassesAndQuantifiers_areNoPlainText(String pattern, String name, boolean expected) {
        assertThat(new NamePattern(pattern).isIn(name, name.toLowerCase(Locale.ROOT)))
                .isEqualTo(expected);
    }

    private static List<String> column(String resource, int index) throws IOException {
        try (InputStream stream = Objects.requireNonNull(NamePatternTest.class.getResourceAsStream(resource));
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return new ArrayList<>(lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t", -1)[index])
                    .toList());
        }
    }
}
