/** Images in folders: OCI image layouts and Skopeo's {@code dir:} format. */
@NullMarked
package dev.strata.transport.folder;

import org.jspecify.annotations.NullMarked;
