/**
 * Many layers at once: reads ahead, hashes in order, and hands each layer's bytes to its sink.
 * Internal: not part of the API.
 */
@NullMarked
package dev.strata.internal.pipeline;

import org.jspecify.annotations.NullMarked;
