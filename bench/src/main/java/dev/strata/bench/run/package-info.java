/**
 * Runs contenders against each other, interleaved and in random order, and judges two builds. It
 * takes inputs on disk and contenders. It hands on measured series, ratios with intervals, and
 * verdicts.
 */
@NullMarked
package dev.strata.bench.run;

import org.jspecify.annotations.NullMarked;
