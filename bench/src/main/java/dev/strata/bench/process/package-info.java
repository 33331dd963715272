/**
 * Runs commands and tells what each cost: wall time, processor time, peak memory. It takes a
 * command and where its output goes, and evicts files from the page cache on request. It hands on
 * the kernel's own figures for the whole process tree of that command.
 */
@NullMarked
package dev.strata.bench.process;

import org.jspecify.annotations.NullMarked;
