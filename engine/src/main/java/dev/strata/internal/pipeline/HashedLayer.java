package dev.strata.internal.pipeline;

import dev.strata.blob.Digest;

/** The result for one layer: the digest and the size in bytes of its tar stream. */
public record HashedLayer(Digest digest, long size) {}
