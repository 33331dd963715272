/** A local read-only registry, which creates each blob when a client requests it. */
@NullMarked
package dev.strata.serve;

import org.jspecify.annotations.NullMarked;
