/** The training runs from which the AOT caches are made when the program is packed. */
@NullMarked
package dev.strata.cli.training;

import org.jspecify.annotations.NullMarked;
