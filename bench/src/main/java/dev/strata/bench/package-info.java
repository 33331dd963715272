/**
 * The command line of the benchmarks: {@code strata bench run, record, compare, report, jmh}. It
 * takes what a user types. It hands on tables, reports, entries of a results file, and an exit code
 * that a CI job can act on.
 */
@NullMarked
package dev.strata.bench;

import org.jspecify.annotations.NullMarked;
