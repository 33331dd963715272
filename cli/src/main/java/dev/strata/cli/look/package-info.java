/** Commands that look into images. */
@NullMarked
package dev.strata.cli.look;

import org.jspecify.annotations.NullMarked;
