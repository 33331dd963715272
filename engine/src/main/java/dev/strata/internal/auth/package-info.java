/**
 * Credentials for registries: auth files, credential helpers, challenges and tokens. Internal: not
 * part of the API.
 */
@NullMarked
package dev.strata.internal.auth;

import org.jspecify.annotations.NullMarked;
