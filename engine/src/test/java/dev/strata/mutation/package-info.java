/** Images whose manifests, indexes, configurations and archives were changed at random. */
@NullMarked
package dev.strata.mutation;

import org.jspecify.annotations.NullMarked;
