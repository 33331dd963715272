package dev.strata.house.samples.open;

import dev.strata.house.samples.internal.Hidden;
import java.util.List;
import java.util.function.Supplier;

/** Mentions an internal type in every way there is. */
public class Leaks<T extends Hidden> extends Parent implements Supplier<List<Hidden>> {
  /** A field. */
  protected Hidden[] field = {};

  /** A constructor's parameter. */
  public Leaks(Hidden parameter) {}

  /** A returned type, as an argument of an argument. */
  @Override
  public List<Hidden> get() {
    return List.of();
  }

  /** A wildcard's bound. */
  public void parameter(List<? super Hidden> parameter) {}

  /** A method's type parameter. */
  protected <E extends Hidden> void typeParameter(E parameter) {}

  /** An exception. */
  public void thrown() throws Hidden {}

  /** Nobody sees this one. */
  void packagePrivate(Hidden parameter) {}

  /** A record's component. */
  public record Component(Hidden component) {}

  /** A supertype. */
  public static class Subtype extends Hidden {
    private static final long serialVersionUID = 1L;
  }

  /** Nobody sees this one. */
  private record Unseen(Hidden component) {}
}
