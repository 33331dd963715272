/**
 * The machinery of commands: declared arguments, their parser, parsers of values, exit codes, and
 * what several commands do the same way.
 */
@NullMarked
package dev.strata.cli.command;

import org.jspecify.annotations.NullMarked;
