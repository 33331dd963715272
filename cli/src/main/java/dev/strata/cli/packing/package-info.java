/**
 * Renders the help texts and completion scripts when the program is packed. The program prints them
 * as they are, so this package and picocli are not part of the distribution.
 */
@NullMarked
package dev.strata.cli.packing;

import org.jspecify.annotations.NullMarked;
