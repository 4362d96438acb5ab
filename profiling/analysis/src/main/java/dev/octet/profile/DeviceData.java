package dev.octet.profile;

/**
 * The GPU a profile was taken on, as the file describes it; zero where it does not.
 *
 * @param architecture compute capability times ten: 80 for 8.0
 * @param clockHz of the multiprocessors
 * @param memoryBandwidth bytes per second
 */
public record DeviceData(
        String name, int architecture, int multiprocessors, long clockHz, long memoryBandwidth, long l2Bytes) {}
