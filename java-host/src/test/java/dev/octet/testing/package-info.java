/** What tests of several packages share. */
@NullMarked
package dev.octet.testing;

import org.jspecify.annotations.NullMarked;
