/**
 * The central idea: a blob that knows its descriptor and can be streamed again. Digests,
 * descriptors, media types, and what is read whole, hashed while it is copied, or counted.
 */
@NullMarked
package dev.strata.blob;

import org.jspecify.annotations.NullMarked;
