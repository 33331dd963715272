package dev.strata.bench.stats;

/**
 * The rules for a verdict. Immutable and thread-safe.
 *
 * @param tolerance the largest slowdown that is no regression, such as 0.01; two equal builds may
 *     differ by this much because of the location of their files
 * @param detect the slowdown that must be detected, such as 0.03; the test stops when it is ruled
 *     out
 * @param alpha the probability of reporting a regression for a build that is slower by exactly the
 *     tolerance, over all measures, workloads and looks, such as 0.01; it is far smaller for equal
 *     builds
 */
public record Rules(double tolerance, double detect, double alpha) {
  /** 1%, 3% and 1%. */
  public static final Rules DEFAULT = new Rules(0.01, 0.03, 0.01);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if they are out of range
   */
  public Rules {
    if (!(tolerance >= 0 && detect > tolerance && detect < 1 && alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException(
          "invalid tolerance "
              + tolerance
              + ", detect "
              + detect
              + " and alpha "
              + alpha
              + "; use 0 <= tolerance < detect < 1 and 0 < alpha < 0.5");
    }
  }

  /**
   * Returns the verdict on one measure.
   *
   * @param ratio the ratio of candidate to base, of a measure of which less is better
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
   * Returns the verdict on wall time and processor time together. A build that takes more processor
   * time is a regression too, because it is slower on a machine with fewer free cores, unless it
   * takes less wall time.
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
