/** The demo command. */
@NullMarked
package dev.strata.cli.demo;

import org.jspecify.annotations.NullMarked;
