/**
 * Benchmarks on an NVIDIA GPU. {@code GpuBench} runs them all and writes one JSON file; {@code DeviceClock} times work by
 * the device's own clock; each {@code ...Bench} measures one thing and says so if it cannot; {@code GemmBaseline} and
 * {@code ConvBaseline} are NVIDIA's libraries to compare with, where they are installed.
 */
@NullMarked
package dev.octet.bench.gpu;

import org.jspecify.annotations.NullMarked;
