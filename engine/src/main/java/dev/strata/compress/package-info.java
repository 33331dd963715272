/**
 * Compression of layers by gzip or zstd: the same bytes on any machine and for any number of
 * workers, and a cache of what a layer compresses to.
 */
@NullMarked
package dev.strata.compress;

import org.jspecify.annotations.NullMarked;
