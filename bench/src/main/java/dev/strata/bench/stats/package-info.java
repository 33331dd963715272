/**
 * The statistics of paired measurements: Hodges-Lehmann estimates, signed-rank intervals, and a
 * group sequential test that may stop early without more false alarms. It takes figures of two
 * builds measured in pairs. It hands on ratios with intervals, and verdicts.
 */
@NullMarked
package dev.strata.bench.stats;

import org.jspecify.annotations.NullMarked;
