/**
 * Memory outside the heap and functions outside Java: slabs, the downcall that all native functions
 * share, and hashing by libcrypto. Internal: not part of the API.
 */
@NullMarked
package dev.strata.internal.foreign;

import org.jspecify.annotations.NullMarked;
