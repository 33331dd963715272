/**
 * Images: layers with a configuration, possibly on a base image; their JSON files; and the blobs
 * that destinations need.
 */
@NullMarked
package dev.strata.image;

import org.jspecify.annotations.NullMarked;
