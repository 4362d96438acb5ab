/** Tests of datasets, on files they write themselves. */
@NullMarked
package dev.octet.data;

import org.jspecify.annotations.NullMarked;
