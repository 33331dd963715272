/** Caches in the home directory, which several processes share: files of sealed lines. */
@NullMarked
package dev.strata.internal.cache;

import org.jspecify.annotations.NullMarked;
