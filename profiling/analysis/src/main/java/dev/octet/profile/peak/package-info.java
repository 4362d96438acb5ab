/**
 * The most that a processor can do: operations a second by unit and precision, derived from clock, units and operations
 * a clock, and the bandwidth of its memory. {@link dev.octet.profile.peak.Gpus} is the table.
 */
@NullMarked
package dev.octet.profile.peak;

import org.jspecify.annotations.NullMarked;
