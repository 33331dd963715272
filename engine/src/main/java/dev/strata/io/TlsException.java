package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * A server cannot be reached by TLS: its certificate is not trusted, or it does not speak TLS.
 *
 * @since 0.1.0
 */
public class TlsException extends UnreachableException {
  private static final long serialVersionUID = 1L;

  /** The image reference; null if unknown. */
  private final @Nullable String place;

  /** Whether the certificate is not trusted. */
  private final boolean untrusted;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   * @param place the image reference, or null
   * @param untrusted whether the server's certificate is not trusted
   * @param cause what led to it, or null
   */
  public TlsException(
      String message, @Nullable String place, boolean untrusted, @Nullable Throwable cause) {
    super(message, cause);
    this.place = place;
    this.untrusted = untrusted;
  }

  /**
   * Returns the reference of the image that was accessed.
   *
   * @return the reference, such as {@code registry.example.org/team/app:1}; null if unknown
   */
  public @Nullable String place() {
    return place;
  }

  /**
   * Returns whether the server's certificate is not trusted.
   *
   * @return true if so; false if the TLS handshake failed for another reason, such as a server that
   *     speaks plain HTTP
   */
  public boolean isUntrusted() {
    return untrusted;
  }
}
