/**
 * Runs commands and measures wall time, processor time and peak memory of their whole process tree,
 * as accounted by the kernel. Also evicts files from the page cache.
 */
@NullMarked
package dev.strata.bench.process;

import org.jspecify.annotations.NullMarked;
