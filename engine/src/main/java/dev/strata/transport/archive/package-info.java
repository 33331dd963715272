/** Images in tar archives: {@code oci-archive:} and {@code docker-archive:}. */
@NullMarked
package dev.strata.transport.archive;

import org.jspecify.annotations.NullMarked;
