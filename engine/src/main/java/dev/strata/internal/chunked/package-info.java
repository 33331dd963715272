/**
 * The parts of the format zstd:chunked of containers-storage: where a file is split into chunks,
 * the table of contents, and the data from which the tar stream is put together again.
 */
@NullMarked
package dev.strata.internal.chunked;

import org.jspecify.annotations.NullMarked;
