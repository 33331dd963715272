/**
 * Decides which store paths go in which layer and with which options. It takes store paths in
 * order, rewrites, permission rules and the layers of parents. It hands on one list of paths with
 * options for each layer.
 */
@NullMarked
package dev.strata.layering;

import org.jspecify.annotations.NullMarked;
