package dev.strata.transport.registry;

import dev.strata.io.StrataException;

/**
 * A registry refused a request with an HTTP status that no retry will change, other than 401, 403
 * and 404, which have exceptions of their own.
 *
 * @since 0.1.0
 */
public class RegistryException extends StrataException {
  private static final long serialVersionUID = 1L;

  /** The HTTP status. */
  private final int status;

  /** The image reference. */
  private final String place;

  /** Whether a blob was refused. */
  private final boolean blob;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   * @param place the image reference
   * @param status the HTTP status
   * @param blob whether the registry refused a part of a layer or of a configuration
   */
  public RegistryException(String message, String place, int status, boolean blob) {
    super(message);
    this.place = place;
    this.status = status;
    this.blob = blob;
  }

  /**
   * Returns the HTTP status.
   *
   * @return the status, such as 413 for a request that a proxy considers too large
   */
  public int status() {
    return status;
  }

  /**
   * Returns the reference of the image that was accessed.
   *
   * @return the reference, such as {@code registry.example.org/team/app:1}
   */
  public String place() {
    return place;
  }

  /**
   * Returns whether the registry refused a part of a layer or of a configuration, which can be sent
   * in smaller parts, unlike a manifest.
   *
   * @return whether a blob was refused
   */
  public boolean isBlob() {
    return blob;
  }
}
