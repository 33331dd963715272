/**
 * What every command is built from: declared arguments, their parser, the readers of values, and
 * usage errors.
 */
@NullMarked
package dev.strata.cli.command;

import org.jspecify.annotations.NullMarked;
