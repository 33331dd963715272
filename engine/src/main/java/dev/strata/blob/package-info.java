/**
 * The central idea: a blob, bytes that know their descriptor and can be streamed again. Digests,
 * descriptors and media types, and the only loops that read, copy, hash, count or discard bytes.
 *
 * <p>Names of methods are the same in all public packages: {@code of} creates a value, {@code
 * parse} reads one from text, {@code open} returns what has to be closed, {@code read(Path)} reads
 * a file and {@code toJson()} writes one; files and folders are {@code Path}s, except where a name
 * is recorded as it is written.
 */
@NullMarked
package dev.strata.blob;

import org.jspecify.annotations.NullMarked;
