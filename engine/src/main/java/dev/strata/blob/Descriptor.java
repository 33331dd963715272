package dev.strata.blob;

/**
 * What names a blob: the OCI image specification's descriptor.
 *
 * @param mediaType the media type
 * @param digest the digest of the bytes
 * @param size how many bytes
 */
public record Descriptor(String mediaType, Digest digest, long size) {}
