/**
 * The roofline model: how fast a layer can run at most, given the operations it does for each byte it moves. Source: S.
 * Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance model for multicore architectures",
 * Communications of the ACM 52(4), 2009.
 */
@NullMarked
package dev.octet.profile.roofline;

import org.jspecify.annotations.NullMarked;
