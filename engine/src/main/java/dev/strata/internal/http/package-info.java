/**
 * HTTP for registries: TLS, proxies, time limits, cancellation and waits between retries. Internal:
 * not part of the API.
 */
@NullMarked
package dev.strata.internal.http;

import org.jspecify.annotations.NullMarked;
