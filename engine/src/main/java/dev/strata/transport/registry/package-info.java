/**
 * Pushes to and pulls from registries: the OCI distribution specification 1.1, its authentication,
 * and what real servers and networks require in addition (retries, resumed transfers, redirects,
 * proxies). A push takes an image, whose parts are blobs; a pull returns blobs that are read from
 * the registry when they are written somewhere.
 */
@NullMarked
package dev.strata.transport.registry;

import org.jspecify.annotations.NullMarked;
