/**
 * The merged file tree of one layer: names rewritten and sorted as bytes level by level, conflicts
 * rejected. The input is store paths with options, whose directories are read; the output is a
 * compact tree in the order of the tar stream.
 */
@NullMarked
package dev.strata.internal.tree;

import org.jspecify.annotations.NullMarked;
