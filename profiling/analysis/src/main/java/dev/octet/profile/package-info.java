/**
 * What ran where: names of GPU kernels and the units they use, and profiles of a run as records.
 *
 * <p>{@link dev.octet.profile.KernelNames} tells from a kernel's name which unit of the GPU it keeps busy; its rules are
 * data, with the reason beside each. {@link dev.octet.profile.Profile} holds what a profiler's file says about a run,
 * summed by kernel, whichever tool wrote it.
 */
@NullMarked
package dev.octet.profile;

import org.jspecify.annotations.NullMarked;
