package dev.strata.cli;

/**
 * Reads a value of the command line.
 *
 * @param <T> what it is read as
 */
@FunctionalInterface
interface ValueReader<T> {
  /**
   * Reads a value.
   *
   * @throws UsageException if the text is none; the message says why
   */
  T read(String text);
}
