package dev.octet.profile.verdict;

import java.util.List;

/** Finds one kind of cause. */
interface VerdictRule {
    List<Verdict> find(Comparison.Evidence evidence);
}
