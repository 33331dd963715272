/**
 * The statistics of paired measurements: Hodges-Lehmann estimates, signed-rank intervals, and a
 * group sequential test that may stop early without more false alarms.
 */
@NullMarked
package dev.strata.bench.stats;

import org.jspecify.annotations.NullMarked;
