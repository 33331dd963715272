/**
 * Many regular expressions matched at once: the regular part of RE2's syntax, compiled to one
 * deterministic automaton whose states are built when they are reached.
 */
@NullMarked
package dev.strata.internal.regex;

import org.jspecify.annotations.NullMarked;
