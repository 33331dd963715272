/**
 * HTTP as registries and the Docker daemon need it: TLS, proxies, time limits and retries.
 * Internal: not part of the API.
 */
@NullMarked
package dev.strata.internal.http;

import org.jspecify.annotations.NullMarked;
