package dev.strata.layer;

import dev.strata.io.SourceChangedException;

/**
 * The paths of a layer no longer give the bytes that were recorded for it. A program can find out
 * what changed with {@code explain.FileChanges} if the layer has a {@linkplain Layer#witness()
 * witness}, and with {@code explain.PathChanges} if it knows the hashes of the paths.
 *
 * @since 0.1.0
 */
public final class LayerChangedException extends SourceChangedException {
  private static final long serialVersionUID = 1L;

  private final transient Layer layer;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   * @param layer the layer as it is recorded
   */
  LayerChangedException(String message, Layer layer) {
    super(message);
    this.layer = layer;
  }

  /**
   * Returns the layer.
   *
   * @return the layer as it is recorded
   */
  public Layer layer() {
    return layer;
  }
}
