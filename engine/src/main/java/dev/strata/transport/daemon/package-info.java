/** Images in the storage of the Docker daemon and of Podman. */
@NullMarked
package dev.strata.transport.daemon;

import org.jspecify.annotations.NullMarked;
