/**
 * What is in an image and why. The input is a closure graph or an image, the output values that a
 * front end can print.
 */
@NullMarked
package dev.strata.explain;

import org.jspecify.annotations.NullMarked;
