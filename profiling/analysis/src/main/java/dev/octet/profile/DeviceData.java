package dev.octet.profile;

/**
 * A GPU a profile was taken on, as the file describes it; zero where it does not.
 *
 * @param architecture compute capability times ten: 80 for 8.0, 103 for 10.3
 * @param clockHz of the multiprocessors
 * @param memoryBandwidth bytes per second
 */
public record DeviceData(
        String name, int architecture, int multiprocessors, long clockHz, long memoryBandwidth, long l2Bytes) {
    /** A GPU of which a file tells only its number. */
    public static DeviceData numbered(int id) {
        return new DeviceData("GPU " + id, 0, 0, 0, 0, 0);
    }
}
