/**
 * Walking and reading source files, through libc where the JVM allows native access and through NIO
 * elsewhere. Internal: not part of the API.
 */
@NullMarked
package dev.strata.internal.files;

import org.jspecify.annotations.NullMarked;
