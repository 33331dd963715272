/**
 * The reference graph of a closure and its order by popularity. It takes the JSON that Nix's {@code
 * exportReferencesGraph} writes. It hands on store paths, most popular first.
 */
@NullMarked
package dev.strata.closure;

import org.jspecify.annotations.NullMarked;
