/**
 * JSON as Go's {@code encoding/json} reads and writes it, on which the bytes of files depend: keys
 * regardless of case, nulls that change nothing, tabs, HTML escapes.
 */
@NullMarked
package dev.strata.internal.json;

import org.jspecify.annotations.NullMarked;
