package dev.strata.bench.stats;

/**
 * By which rules a verdict is found. Immutable and thread-safe.
 *
 * @param tolerance by how much the second build may be slower without a word, such as 0.01; two
 *     equal builds differ by up to this for no reason: their files lie elsewhere
 * @param detect the slow-down that must not be missed, such as 0.03: the test ends when it is ruled
 *     out
 * @param alpha the chance of calling a build a regression that is slower by just the tolerance, all
 *     measures, workloads and looks together, such as 0.01; for equal builds it is far smaller
 */
public record Rules(double tolerance, double detect, double alpha) {
  /** 1%, 3% and 1%. */
  public static final Rules DEFAULT = new Rules(0.01, 0.03, 0.01);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if they are out of order
   */
  public Rules {
    if (!(tolerance >= 0 && detect > tolerance && detect < 1 && alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException(
          "tolerance "
              + tolerance
              + ", detect "
              + detect
              + " and alpha "
              + alpha
              + " do not fit: give 0 <= tolerance < detect < 1 and 0 < alpha < 0.5");
    }
  }

  /**
   * The verdict on one measure.
   *
   * @param ratio candidate by base, of something of which less is better
   * @return the verdict
   */
  public Verdict judge(Interval ratio) {
    if (ratio.low() > 1 + tolerance) {
      return Verdict.REGRESSION;
    }
    if (ratio.high() < 1 - tolerance) {
      return Verdict.IMPROVEMENT;
    }
    return ratio.high() < 1 + detect ? Verdict.NO_REGRESSION : Verdict.UNDECIDED;
  }

  /**
   * The verdict on wall time and processor time together. A build that takes more processor time is
   * a regression too (on a machine with fewer free cores it is slower), unless it surely takes less
   * wall time: then it bought speed with work.
   *
   * @param wall the verdict on wall time
   * @param cpu the verdict on processor time
   * @return the verdict on both
   */
  public static Verdict combine(Verdict wall, Verdict cpu) {
    if (wall == Verdict.REGRESSION) {
      return Verdict.REGRESSION;
    }
    if (wall == Verdict.IMPROVEMENT) {
      return Verdict.IMPROVEMENT;
    }
    if (cpu == Verdict.REGRESSION) {
      return Verdict.REGRESSION;
    }
    if (wall == Verdict.UNDECIDED || cpu == Verdict.UNDECIDED) {
      return Verdict.UNDECIDED;
    }
    return cpu == Verdict.IMPROVEMENT ? Verdict.IMPROVEMENT : Verdict.NO_REGRESSION;
  }
}
