/**
 * The rules of the house: which package may use which, what the public API may mention, and what a
 * library must not do to its host. {@link dev.strata.house.Rooms} holds the order of the packages,
 * {@link dev.strata.house.HouseRules} the rules, and {@code samples} small classes that break each
 * rule, so that every run shows that the rules can fail.
 */
@NullMarked
package dev.strata.house;

import org.jspecify.annotations.NullMarked;
