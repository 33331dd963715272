/** A read-only registry that makes each blob when a client asks for it. */
@NullMarked
package dev.strata.serve;

import org.jspecify.annotations.NullMarked;
