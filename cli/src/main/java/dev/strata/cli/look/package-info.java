/** Commands that inspect images. */
@NullMarked
package dev.strata.cli.look;

import org.jspecify.annotations.NullMarked;
