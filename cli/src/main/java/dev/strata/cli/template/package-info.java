/** Go's templates, as far as {@code inspect --format} needs them, and the values they print. */
@NullMarked
package dev.strata.cli.template;

import org.jspecify.annotations.NullMarked;
