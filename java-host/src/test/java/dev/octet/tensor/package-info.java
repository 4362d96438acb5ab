/** Tests of tensors and number formats. */
@NullMarked
package dev.octet.tensor;

import org.jspecify.annotations.NullMarked;
