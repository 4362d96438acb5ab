package dev.octet.profile;

/**
 * What one GPU of a profile did.
 *
 * @param totalNanos the time of all its kernels and copies
 * @param tensorNanos of these, the time of its tensor-core kernels
 */
public record DeviceTime(DeviceData data, long totalNanos, long tensorNanos) {}
