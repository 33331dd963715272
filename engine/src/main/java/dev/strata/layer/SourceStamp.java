package dev.strata.layer;

import dev.strata.blob.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The state of a path on this machine shortly before its layer was built, to notice later whether
 * files have changed without reading them. Immutable and thread-safe.
 *
 * @param path the path, as in the layer
 * @param digest a digest of the names, modes, sizes, change times and inode numbers of its files;
 *     null if a file was being changed at the time, so that no state can be relied on
 * @param newest the newest change time (ctime) of its files and directories, in nanoseconds since
 *     1970
 * @since 0.1.0
 */
public record SourceStamp(String path, @Nullable Digest digest, long newest) {}
