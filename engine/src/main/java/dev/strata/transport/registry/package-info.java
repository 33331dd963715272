/**
 * Speaks to registries: the OCI distribution specification 1.1, its authentication, and what real
 * servers and networks need on top (retries, resumed transfers, redirects, proxies). It takes
 * references, credentials and blobs. It hands on blobs that lie in a registry, or nothing when an
 * image has arrived there.
 */
@NullMarked
package dev.strata.transport.registry;

import org.jspecify.annotations.NullMarked;
