/**
 * The front door of the library: what most programs that build, read or copy images need. The other
 * packages hold the parts it is made of.
 */
@NullMarked
package dev.strata;

import org.jspecify.annotations.NullMarked;
