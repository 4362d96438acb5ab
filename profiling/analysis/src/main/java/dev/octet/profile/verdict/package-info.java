/**
 * Why one run of a model is slower than another, or not as much faster as its precision promises.
 *
 * <p>{@link dev.octet.profile.verdict.Comparison} pairs what two profiles say about the same nodes and asks each rule of
 * {@link dev.octet.profile.verdict.VerdictRules} for causes. A verdict names its evidence, the change that would mend it
 * and the most that the change can save.
 */
@NullMarked
package dev.octet.profile.verdict;

import org.jspecify.annotations.NullMarked;
