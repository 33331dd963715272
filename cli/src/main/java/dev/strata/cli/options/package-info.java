/** Groups of options that several commands have, and the reports of a copy. */
@NullMarked
package dev.strata.cli.options;

import org.jspecify.annotations.NullMarked;
