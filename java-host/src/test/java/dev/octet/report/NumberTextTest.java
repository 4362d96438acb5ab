package dev.octet.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0.0,0",
        "1.23456,1.235",
        "-2.5,−2.5",
        "99999,100000",
        "0.001,0.001",
        "1.5e-7,1.50e−07",
        "NaN,NaN",
        "Infinity,∞"
    })
    void plain_value_hasFourDigits(double value, String text) {
        assertThat(NumberText.plain(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "999,999 B", "1000,1.00 kB", "90984153,91.0 MB", "999600,1.00 MB", "123456789,123 MB"})
    void bytes_size_hasThreeDigitsAndAUnit(long sizeBytes, String text) {
        assertThat(NumberText.bytes(sizeBytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1,100.0 %", "0,0.0 %", "0.99999999,> 99.99 %", "0.00000001,< 0.01 %", "0.5,50.0 %", "0.995,99.50 %"})
    void percent_nearTheEnds_doesNotPretendToReachThem(double share, String text) {
        assertThat(NumberText.percent(share)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"Infinity,exact", "12.34,12.3 dB", "-3,−3.0 dB", "NaN,NaN"})
    void decibels_value_isReadable(double value, String text) {
        assertThat(NumberText.decibels(value)).isEqualTo(text);
    }
}
