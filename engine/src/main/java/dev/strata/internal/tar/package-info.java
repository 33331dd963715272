/**
 * The tar stream of a layer, exactly as Go's {@code archive/tar} writes it. It takes a merged file
 * tree. It hands on any piece of the stream, headers, file bytes and padding in place, without the
 * pieces before it.
 */
@NullMarked
package dev.strata.internal.tar;

import org.jspecify.annotations.NullMarked;
