/**
 * Readers of profilers' files. {@link dev.octet.profile.read.ProfileFiles} finds out what a file is and hands it to its
 * reader; every reader streams and sums as it goes, so a large file needs memory for its distinct kernels and one long a
 * call, not for its text. Files are untrusted: a damaged one ends in a {@link dev.octet.profile.read.ProfileException}.
 */
@NullMarked
package dev.octet.profile.read;

import org.jspecify.annotations.NullMarked;
