/**
 * Hostile bytes for everything that reads files: {@link dev.octet.fuzz.FuzzTargets} lists what is fed,
 * {@link dev.octet.fuzz.FuzzTest} feeds each what was found before and some mutations, and
 * {@link dev.octet.fuzz.JazzerEntry} lets Jazzer look for more, guided by coverage: {@code bin/fuzz}.
 */
@NullMarked
package dev.octet.fuzz;

import org.jspecify.annotations.NullMarked;
