/**
 * A DEFLATE compressor whose output is the same on every machine. It takes bytes; {@link
 * dev.strata.internal.deflate.MatchFinder} turns them into tokens, and {@link
 * dev.strata.internal.deflate.BlockWriter} writes the tokens as blocks.
 *
 * <p>Internal: not part of the API.
 */
@NullMarked
package dev.strata.internal.deflate;

import org.jspecify.annotations.NullMarked;
