package dev.strata.internal.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server.
 *
 * @param registry the registry's host and port
 * @param place the image reference, for exceptions
 * @param tlsVerify false to accept any certificate
 * @param certDirectory the certificate folder; null for the registry's usual ones
 * @param stallTimeout how long a connection may make no progress
 * @param environment the environment variables, which name proxies and certificates
 */
public record HttpSettings(
    String registry,
    String place,
    boolean tlsVerify,
    @Nullable Path certDirectory,
    Duration stallTimeout,
    Map<String, String> environment) {}
