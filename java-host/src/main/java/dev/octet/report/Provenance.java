package dev.octet.report;

/**
 * Where a result comes from, so that it can be made again.
 *
 * @param octetVersion the version that made it
 * @param modelHash hash of the float model's file, in hexadecimal
 * @param dataHash hash of the calibration data, in hexadecimal; empty if the ranges came from a file without it
 * @param samples how many samples calibration saw
 */
public record Provenance(String octetVersion, String modelHash, String dataHash, long samples) {}
