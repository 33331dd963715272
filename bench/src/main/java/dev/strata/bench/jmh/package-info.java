/**
 * JMH benchmarks of the engine, one class per stage. Closures are generated in the directory for
 * temporary files.
 */
@NullMarked
package dev.strata.bench.jmh;

import org.jspecify.annotations.NullMarked;
