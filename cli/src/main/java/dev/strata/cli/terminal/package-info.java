/** Output: text and bytes on standard output, progress, tables, sizes, JSON. */
@NullMarked
package dev.strata.cli.terminal;

import org.jspecify.annotations.NullMarked;
