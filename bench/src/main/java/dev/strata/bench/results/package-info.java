/**
 * The results file: a line of JSON for each recorded run and each comparison. It takes measured
 * figures with the commit and the machine they belong to. It hands on the same again when a report
 * is made.
 */
@NullMarked
package dev.strata.bench.results;

import org.jspecify.annotations.NullMarked;
