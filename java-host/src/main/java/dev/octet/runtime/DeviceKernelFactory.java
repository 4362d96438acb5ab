package dev.octet.runtime;

import java.util.function.Function;

/**
 * What computes one node on a {@link Device}.
 *
 * @param name the kernel's name in plans, reports and profiles
 * @param prepare packs and uploads weights and fixes sizes
 */
public record DeviceKernelFactory(String name, Function<KernelSpec, DeviceKernel> prepare) {}
