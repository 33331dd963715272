/** Images in folders: OCI layouts and Skopeo's {@code dir:}. */
@NullMarked
package dev.strata.transport.folder;

import org.jspecify.annotations.NullMarked;
