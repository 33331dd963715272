/**
 * Files and bytes: file names as raw bytes in any locale, output files that appear complete or not
 * at all, and the exceptions of this library.
 */
@NullMarked
package dev.strata.io;

import org.jspecify.annotations.NullMarked;
