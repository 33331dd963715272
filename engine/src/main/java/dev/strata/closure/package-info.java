/**
 * The reference graph of a closure and its order by popularity. The input is JSON as written by
 * Nix's {@code exportReferencesGraph}, the output a list of store paths, most popular first.
 */
@NullMarked
package dev.strata.closure;

import org.jspecify.annotations.NullMarked;
