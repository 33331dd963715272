package dev.strata.oci;

import dev.strata.io.NotFoundException;

/**
 * An index has no image for the wanted platform.
 *
 * @since 0.1.0
 */
public class NoSuchPlatformException extends NotFoundException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: which index, which platform, which ones it has
   */
  public NoSuchPlatformException(String message) {
    super(message);
  }
}
