/**
 * The program: reads the arguments, calls the engine, and reports the result as output files, text
 * and an exit code.
 */
@NullMarked
package dev.strata.cli;

import org.jspecify.annotations.NullMarked;
