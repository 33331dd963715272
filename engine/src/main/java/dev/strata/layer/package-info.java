/**
 * Layers and blobs: digest and size of many layers at once, and bytes that can be streamed again
 * and are checked when they are. It takes planned layers. It hands on layer descriptions and {@link
 * dev.strata.blob.Blob}s.
 */
@NullMarked
package dev.strata.layer;

import org.jspecify.annotations.NullMarked;
