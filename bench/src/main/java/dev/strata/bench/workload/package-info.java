/**
 * What is measured: workloads, and the commands that compete on them. It takes names from the
 * catalogue or a user's closure graph, and a folder to keep generated closures in. It hands on
 * inputs on disk and the command lines of each contender.
 */
@NullMarked
package dev.strata.bench.workload;

import org.jspecify.annotations.NullMarked;
