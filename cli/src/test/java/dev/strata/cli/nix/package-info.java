/**
 * Tests of the Nix functions with a real Nix. They take the examples and cases of the folder nix,
 * the miniature package set of the fixtures and the packed distribution. They build, look into the
 * results and run them.
 */
@NullMarked
package dev.strata.cli.nix;

import org.jspecify.annotations.NullMarked;
