/**
 * Layers: the digests and sizes of many at once, and their bytes, which can be streamed again and
 * are checked when they are.
 */
@NullMarked
package dev.strata.layer;

import org.jspecify.annotations.NullMarked;
