/**
 * The demonstration on a real network: MiniLM, a sentence encoder. {@code MiniLmFiles} finds the network and its
 * tokenizer on the class path, {@code SentenceEncoder} turns a sentence into a vector with any runtime, {@code Judge}
 * compares the vectors of two of them over sentence pairs.
 */
@NullMarked
package dev.octet.demo;

import org.jspecify.annotations.NullMarked;
