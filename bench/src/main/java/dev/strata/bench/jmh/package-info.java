/**
 * JMH benchmarks of the engine, one class a stage. It takes generated closures, kept in the folder
 * for temporary files. It hands on nothing: the times are what it is for.
 */
@NullMarked
package dev.strata.bench.jmh;

import org.jspecify.annotations.NullMarked;
