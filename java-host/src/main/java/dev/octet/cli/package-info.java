/**
 * The command line: {@link dev.octet.cli.Main} finds the {@link dev.octet.cli.Command} in
 * {@link dev.octet.cli.Commands}, parses its options and turns exceptions into exit codes. Results go to standard
 * output, everything else to standard error.
 */
@NullMarked
package dev.octet.cli;

import org.jspecify.annotations.NullMarked;
