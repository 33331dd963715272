/**
 * The command line: arguments in, engine calls, text out. It takes what a user types. It hands on
 * nothing but output files, text and exit codes.
 */
@NullMarked
package dev.strata.cli;

import org.jspecify.annotations.NullMarked;
