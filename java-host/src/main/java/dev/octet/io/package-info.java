/**
 * Files: {@link dev.octet.io.OutputFiles} writes several so that they appear together and whole, each of them a
 * {@link dev.octet.io.AtomicFile} on top of a {@link dev.octet.io.TemporaryFile}, which no end of the process leaves
 * behind for long. {@link dev.octet.io.OutputException} says what cannot be written.
 */
@NullMarked
package dev.octet.io;

import org.jspecify.annotations.NullMarked;
