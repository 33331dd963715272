/**
 * Workloads, and the programs to measure on them. Workloads come from a catalogue or from a user's
 * closure graph; generated closures are kept in a directory.
 */
@NullMarked
package dev.strata.bench.workload;

import org.jspecify.annotations.NullMarked;
