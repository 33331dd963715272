/**
 * Images: layers put together with a configuration, and the configuration and manifest blobs that
 * follow from them. It takes finished layers, a configuration and perhaps a base image. It hands on
 * {@code image.json} and the blobs that destinations take.
 */
@NullMarked
package dev.strata.image;

import org.jspecify.annotations.NullMarked;
