/**
 * Compression of layers with gzip or zstd, to the same bytes on any machine and with any number of
 * threads, and a cache of the descriptors of compressed layers.
 */
@NullMarked
package dev.strata.compress;

import org.jspecify.annotations.NullMarked;
