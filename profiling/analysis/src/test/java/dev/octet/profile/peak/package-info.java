@NullMarked
package dev.octet.profile.peak;

import org.jspecify.annotations.NullMarked;
