package dev.strata.blob;

/**
 * Forwards all events to another listener. Subclasses override those that they care about. As
 * thread-safe as the other listener.
 *
 * @since 0.1.0
 */
public abstract class ForwardingProgress implements Progress {
  private final Progress next;

  /**
   * Creates a listener.
   *
   * @param next receives all events, and may cancel the work
   */
  protected ForwardingProgress(Progress next) {
    this.next = next;
  }

  @Override
  public void planned(int layers, long entries, long bytes) {
    next.planned(layers, entries, bytes);
  }

  @Override
  public void privileged(long files, String first) {
    next.privileged(files, first);
  }

  @Override
  public void socketsLeftOut(long files, String first) {
    next.socketsLeftOut(files, first);
  }

  @Override
  public void whiteouts(long files, String first) {
    next.whiteouts(files, first);
  }

  @Override
  public void replaced(String first, String second) {
    next.replaced(first, second);
  }

  @Override
  public void ruleUnused(String path, String regex) {
    next.ruleUnused(path, regex);
  }

  @Override
  public void advanced(long bytes) {
    next.advanced(bytes);
  }

  @Override
  public void finished(int index, Descriptor descriptor) {
    next.finished(index, descriptor);
  }

  @Override
  public boolean cancelled() {
    return next.cancelled();
  }
}
