package dev.strata.cli.command;

/**
 * Reads a value of the command line.
 *
 * @param <T> what it is read as
 */
@FunctionalInterface
public interface ValueReader<T> {
  /**
   * Reads a value.
   *
   * @throws UsageException if the text is none; the message says why
   */
  public T read(String text);
}
