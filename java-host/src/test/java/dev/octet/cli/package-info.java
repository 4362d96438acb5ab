/** The commands, run in this process as a user would call them: exit codes, and what goes to which stream. */
@NullMarked
package dev.octet.cli;

import org.jspecify.annotations.NullMarked;
