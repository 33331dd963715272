package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.oci.Reference;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to authenticate at a registry.
 *
 * @param reference the image
 * @param scope what the token must allow, such as {@code repository:team/app:pull}
 * @param credentials the credentials; null for those of auth files
 * @param authFile the only auth file to read; null for the usual ones
 * @param plainTokenServer whether any token server may do without TLS or be this machine
 * @param environment the environment variables, which locate auth files and credential helpers
 */
public record AuthSettings(
    Reference reference,
    String scope,
    @Nullable Credentials credentials,
    @Nullable Path authFile,
    boolean plainTokenServer,
    Map<String, String> environment) {}
