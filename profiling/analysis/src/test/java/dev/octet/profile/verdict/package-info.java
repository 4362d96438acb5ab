/** Tests of verdicts. */
@NullMarked
package dev.octet.profile.verdict;

import org.jspecify.annotations.NullMarked;
