/**
 * Transports: the places that images are copied from and to, how a place is named, and what all
 * transports share. A destination takes an image, whose parts are blobs; when its method returns,
 * the blobs have been written and their digests checked. A source returns blobs.
 */
@NullMarked
package dev.strata.transport;

import org.jspecify.annotations.NullMarked;
