/** Tests of reading and writing model files. */
@NullMarked
package dev.octet.onnx;

import org.jspecify.annotations.NullMarked;
