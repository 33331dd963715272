package dev.strata.bench.stats;

/** What a comparison of two builds says of the second. */
public enum Verdict {
  /** It is slower than the tolerance allows. */
  REGRESSION("regression"),
  /** It is faster by more than the tolerance. */
  IMPROVEMENT("improvement"),
  /** It is not slower by as much as was looked for. */
  NO_REGRESSION("no regression"),
  /** No regression was seen, but the noise was too strong to rule one out. */
  UNDECIDED("undecided");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /**
   * The verdict in words, as results files hold it too.
   *
   * @return such as {@code no regression}
   */
  public String words() {
    return words;
  }

  /**
   * The verdict of those words.
   *
   * @param words as {@link #words} gives them
   * @return the verdict; undecided for words that are none
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
