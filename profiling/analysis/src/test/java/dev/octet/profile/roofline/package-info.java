@NullMarked
package dev.octet.profile.roofline;

import org.jspecify.annotations.NullMarked;
