package dev.strata.bench.cores;

/**
 * The work in one store path. Immutable, but does not copy its arrays; thread-safe.
 *
 * @param directories the number of directories, at least 1 even for a single file
 * @param entries the number of entries of the tar stream
 * @param bytes the size of the entries in the tar stream in bytes
 * @param fileStarts where the content of each file starts in the part of the path, in bytes
 * @param fileSizes the size of each of these files in bytes
 */
record PathLoad(int directories, int entries, long bytes, long[] fileStarts, long[] fileSizes) {}
