/** Commands that build layers and images. */
@NullMarked
package dev.strata.cli.build;

import org.jspecify.annotations.NullMarked;
