/** What a person sees: standard output, progress, tables, sizes. */
@NullMarked
package dev.strata.cli.terminal;

import org.jspecify.annotations.NullMarked;
