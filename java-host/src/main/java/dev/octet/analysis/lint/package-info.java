/**
 * Rules of Q/DQ placement, checked on a model's graph before anything is built. {@link dev.octet.analysis.lint.Linter}
 * applies the visible list {@link dev.octet.analysis.lint.LintRules}; each rule looks at one node and tells the cost of
 * the fault and the edit that mends it.
 */
@NullMarked
package dev.octet.analysis.lint;

import org.jspecify.annotations.NullMarked;
