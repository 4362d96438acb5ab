package dev.octet.profile;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which unit a kernel uses, with which instruction and precision.
 *
 * @param instruction the machine instruction, such as {@code IMMA 16x8x32}; empty where none is typical
 * @param precision of the multiplied operands, such as {@code INT8}; empty where nothing is multiplied
 * @param minimumArchitecture the first compute capability that has the instruction, 80 for 8.0
 * @param evidence what the class was concluded from
 * @param reason why, in a few words
 */
public record KernelClass(
        KernelUnit unit,
        Optional<String> instruction,
        Optional<String> precision,
        OptionalInt minimumArchitecture,
        Evidence evidence,
        String reason) {
    /** Where a class comes from; a counter overrules a name. */
    public enum Evidence {
        NAME,
        COUNTER,
        /** The program that was traced said so. */
        TRACE
    }

    /** A kernel of which nothing is known. */
    public static final KernelClass UNKNOWN = new KernelClass(
            KernelUnit.UNKNOWN,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Evidence.NAME,
            "no rule knows this name");

    /** From the text of a table of rules, with a dash for what is not there. */
    static KernelClass ofName(
            String unit, String instruction, String precision, String minimumArchitecture, String reason) {
        return new KernelClass(
                KernelUnit.valueOf(unit),
                present(instruction),
                present(precision),
                present(minimumArchitecture)
                        .map(text -> OptionalInt.of(Integer.parseInt(text)))
                        .orElse(OptionalInt.empty()),
                Evidence.NAME,
                reason);
    }

    private static Optional<String> present(String text) {
        return text.equals("-") ? Optional.empty() : Optional.of(text);
    }

    /** A step on the CPU. */
    public static KernelClass onCpu(Optional<String> precision) {
        return new KernelClass(
                KernelUnit.CPU, Optional.empty(), precision, OptionalInt.empty(), Evidence.TRACE, "ran on the CPU");
    }

    /** The instruction, or a dash. */
    public String instructionText() {
        return instruction.orElse("-");
    }

    /** The precision, or a dash. */
    public String precisionText() {
        return precision.orElse("-");
    }
}
