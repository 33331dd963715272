package dev.strata.layering;

import org.jspecify.annotations.Nullable;

/**
 * A path of a layer with its options, as {@code layers.json} lists it. Immutable and thread-safe.
 *
 * @param path the file or directory on this machine, a name for {@link
 *     dev.strata.io.FileNames#path(String)}
 * @param options what happens to its files, or null for nothing
 * @since 0.1.0
 */
public record LayerPath(String path, @Nullable PathOptions options) {}
