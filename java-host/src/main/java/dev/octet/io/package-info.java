/** Files: {@link dev.octet.io.AtomicFile} writes one so that it is there whole or not at all. */
@NullMarked
package dev.octet.io;

import org.jspecify.annotations.NullMarked;
