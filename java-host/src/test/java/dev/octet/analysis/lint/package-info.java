@NullMarked
package dev.octet.analysis.lint;

import org.jspecify.annotations.NullMarked;
