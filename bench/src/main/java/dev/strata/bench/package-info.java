/**
 * The command line of the benchmarks: {@code strata bench run, record, compare, report, scale} and
 * {@code jmh}. Commands print tables, write reports and results files, and return exit codes that a
 * CI job can act on.
 */
@NullMarked
package dev.strata.bench;

import org.jspecify.annotations.NullMarked;
