/**
 * The vocabulary of the OCI image specification: manifests, indexes, configurations, platforms,
 * references and history entries.
 */
@NullMarked
package dev.strata.oci;

import org.jspecify.annotations.NullMarked;
