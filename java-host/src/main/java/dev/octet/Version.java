package dev.octet;

import java.util.Optional;

/** This program's version. */
public final class Version {
    private Version() {}

    /** The version in the jar's manifest; {@code development} where classes do not come from a jar. */
    public static String current() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
