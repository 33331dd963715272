/** The demo command, and the training runs for the AOT caches. */
@NullMarked
package dev.strata.cli.demo;

import org.jspecify.annotations.NullMarked;
