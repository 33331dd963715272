/**
 * Runs programs against each other, interleaved and in random order, and compares two builds. The
 * results are series of measurements, ratios with intervals, and verdicts.
 */
@NullMarked
package dev.strata.bench.run;

import org.jspecify.annotations.NullMarked;
