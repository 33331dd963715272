/**
 * A simulation of the engine's workers on more cores than this machine has, from the sizes of a
 * real closure and the measured costs of the steps.
 */
@NullMarked
package dev.strata.bench.cores;

import org.jspecify.annotations.NullMarked;
