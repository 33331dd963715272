/**
 * JSON with the habits of Go's {@code encoding/json}, which are part of the bytes: case-blind keys,
 * nulls that change nothing, tabs, HTML escapes. It takes files and text. It hands on values one by
 * one to the readers of the other packages, and text to write.
 */
@NullMarked
package dev.strata.internal.json;

import org.jspecify.annotations.NullMarked;
