/**
 * The tar stream of a layer, byte for byte as Go's {@code archive/tar} writes it. The input is a
 * merged file tree; the output is any part of the stream, independent of the parts before it.
 */
@NullMarked
package dev.strata.internal.tar;

import org.jspecify.annotations.NullMarked;
