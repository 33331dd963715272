/**
 * Byte-exact access to files: names as raw bytes in any locale, directory listings and reads by way
 * of libc or NIO, and output files that appear whole or not at all. It takes paths and buffers from
 * the other packages. It hands on bytes, file facts and one kind of error, {@link
 * dev.strata.io.StrataException}.
 */
@NullMarked
package dev.strata.io;

import org.jspecify.annotations.NullMarked;
