/** Small classes that break the rules of the house. */
@NullMarked
package dev.strata.house.samples;

import org.jspecify.annotations.NullMarked;
