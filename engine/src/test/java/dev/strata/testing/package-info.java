/**
 * What the engine's tests share. It takes recorded tables, tools of the machine and small file
 * trees. It hands on rows, tar streams and listings to compare.
 */
@NullMarked
package dev.strata.testing;

import org.jspecify.annotations.NullMarked;
