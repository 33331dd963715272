/**
 * The merged file tree of one layer: rewritten names, sorted as bytes level by level, conflicts
 * refused. It takes store paths with their options and reads their directories. It hands on a
 * compact tree of bytes and numbers in the order of the tar stream.
 */
@NullMarked
package dev.strata.internal.tree;

import org.jspecify.annotations.NullMarked;
