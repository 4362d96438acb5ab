package dev.octet.report;

/** One more result worth a card on the page, such as a measured accuracy; {@code value} is ready to be shown. */
public record Fact(String label, String value) {}
