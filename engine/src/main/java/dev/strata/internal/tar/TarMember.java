package dev.strata.internal.tar;

import java.util.Map;

/**
 * An entry of a tar stream as its headers describe it. Names are bytes, and are as they were
 * written: they may be absolute, start with {@code ./}, end with a slash, or contain {@code ..}.
 *
 * @param name the name
 * @param type the type flag of the header, such as {@code '0'} for a file; a file in the old form
 *     whose name ends with a slash has the type of a directory
 * @param mode the permission bits with set-user-id, set-group-id and sticky bit
 * @param uid the number of the owner
 * @param gid the number of the group
 * @param size the size of the file in bytes; 0 for types without content
 * @param stored the number of bytes of content that follow; less than the size for a sparse file
 * @param mtime when it was changed, in whole seconds since 1970
 * @param link the target of a link; empty for other types
 * @param major the major number of a device
 * @param minor the minor number of a device
 * @param attributes the extended attributes, by name
 */
public record TarMember(
    byte[] name,
    byte type,
    int mode,
    long uid,
    long gid,
    long size,
    long stored,
    long mtime,
    byte[] link,
    long major,
    long minor,
    Map<String, byte[]> attributes) {}
