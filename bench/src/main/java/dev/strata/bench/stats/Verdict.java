package dev.strata.bench.stats;

/** The verdict of a comparison on the second build. */
public enum Verdict {
  /** It is slower by more than the tolerance. */
  REGRESSION("regression"),
  /** It is faster by more than the tolerance. */
  IMPROVEMENT("improvement"),
  /** A slowdown of the size to detect was ruled out. */
  NO_REGRESSION("no regression"),
  /** No regression was found, but there was too much noise to rule one out. */
  UNDECIDED("undecided");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /**
   * Returns the verdict in words, as in results files.
   *
   * @return such as {@code no regression}
   */
  public String words() {
    return words;
  }

  /**
   * Parses a verdict.
   *
   * @param words the result of {@link #words}
   * @return the verdict; undecided for unknown words
   */
  public static Verdict of(String words) {
    for (Verdict v : values()) {
      if (v.words.equals(words)) {
        return v;
      }
    }
    return UNDECIDED;
  }
}
