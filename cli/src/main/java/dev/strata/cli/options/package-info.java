/** Groups of options that several commands share, and the reports of a copy. */
@NullMarked
package dev.strata.cli.options;

import org.jspecify.annotations.NullMarked;
