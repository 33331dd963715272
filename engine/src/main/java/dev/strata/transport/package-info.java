/**
 * Places an image goes to. It takes an image, whose parts are blobs. It hands on nothing: the bytes
 * have arrived, checked, when a call returns.
 */
@NullMarked
package dev.strata.transport;

import org.jspecify.annotations.NullMarked;
