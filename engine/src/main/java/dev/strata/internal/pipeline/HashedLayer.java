package dev.strata.internal.pipeline;

import dev.strata.blob.Digest;

/**
 * The result for one layer.
 *
 * @param digest the digest of its tar stream
 * @param size the size of its tar stream in bytes
 * @param entries the number of files, directories and links in it
 * @param privilegedCount the number of files with the setuid or setgid bit
 * @param firstPrivileged the path of the first of those on this machine; empty for none
 * @param remarked whether the listener heard of replaced files, names that mean deletions, sockets
 *     or unused rules in it
 */
public record HashedLayer(
    Digest digest,
    long size,
    long entries,
    long privilegedCount,
    String firstPrivileged,
    boolean remarked) {}
