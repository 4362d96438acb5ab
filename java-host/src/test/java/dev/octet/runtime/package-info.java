/** Tests of plans, sessions and worker threads, with a backend and operators of their own. */
@NullMarked
package dev.octet.runtime;

import org.jspecify.annotations.NullMarked;
