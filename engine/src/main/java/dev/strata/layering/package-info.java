/**
 * Decides which store paths go into which layer and with which options. The input is an ordered
 * list of store paths, rewrites, permission rules and the paths of parent layers; the output is a
 * list of paths with options for each layer.
 */
@NullMarked
package dev.strata.layering;

import org.jspecify.annotations.NullMarked;
