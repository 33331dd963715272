package dev.strata.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option or a parameter as a command declares it, and its value once the arguments have been
 * read.
 *
 * @param <T> the type of the value
 */
public final class Argument<T> {
  /** How an argument takes its value. */
  public enum Kind {
    FLAG,
    /** A flag that may have a value: {@code --name}, {@code --name=false}, {@code --name false}. */
    SWITCH,
    ONE,
    MANY
  }

  /**
   * What is said of an argument.
   *
   * @param names of an option, dashes included; none for a parameter
   * @param kind how it takes its value
   * @param required whether a parameter must be there
   * @param hidden whether the help leaves it out
   * @param label what the help calls the value
   * @param description what the help says
   */
  public record Declaration(
      List<String> names,
      Kind kind,
      boolean required,
      boolean hidden,
      String label,
      String description) {
    /** The names with two dashes. */
    List<String> longNames() {
      return names.stream().filter(name -> name.startsWith("--")).toList();
    }

    /** The name that messages use. */
    String title() {
      return names.isEmpty() ? label : names.getLast();
    }
  }

  /** Takes one more text of the command line into the value. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(@Nullable T before, String text);
  }

  private final Declaration declaration;
  private final Reader<T> reader;
  private @Nullable T value;

  private Argument(Declaration declaration, Reader<T> reader) {
    this.declaration = declaration;
    this.reader = reader;
  }

  /** An argument with one value, of which the last counts. */
  public static <T> Argument<T> one(Declaration declaration, ValueReader<T> reader) {
    return new Argument<>(declaration, (_, text) -> reader.read(text));
  }

  /** An argument that may be given several times. */
  public static Argument<List<String>> many(Declaration declaration) {
    return new Argument<>(
        declaration,
        (before, text) -> {
          List<String> all = before == null ? new ArrayList<>() : before;
          all.add(text);
          return all;
        });
  }

  public Declaration declaration() {
    return declaration;
  }

  /**
   * Takes a value as it was typed.
   *
   * @param name what the user called the argument
   * @throws UsageException if it is none
   */
  public void accept(String name, String text) {
    try {
      value = reader.read(value, text);
    } catch (UsageException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  /** The value, or null if the user gave none. */
  public @Nullable T get() {
    return value;
  }

  /** The value, or another one if the user gave none. */
  public T orElse(T absent) {
    T known = value;
    return known == null ? absent : known;
  }

  /** The value of a parameter that must be there. */
  public T required() {
    T known = value;
    if (known == null) {
      throw new UsageException(declaration.label() + " is missing");
    }
    return known;
  }

  /** Whether a flag was given. */
  public boolean isSet() {
    return Boolean.TRUE.equals(value);
  }
}
