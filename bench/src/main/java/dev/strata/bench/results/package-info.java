/**
 * The results file: one line of JSON for each recorded run and each comparison, with the commits
 * and the machine they were measured on.
 */
@NullMarked
package dev.strata.bench.results;

import org.jspecify.annotations.NullMarked;
