/** Tests of the profile library. */
@NullMarked
package dev.octet.profile;

import org.jspecify.annotations.NullMarked;
