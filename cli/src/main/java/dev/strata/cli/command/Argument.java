package dev.strata.cli.command;

import dev.strata.io.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An option or a parameter that a command declares, and its value after parsing.
 *
 * @param <T> the type of the value
 */
public final class Argument<T> {
  /** How an argument takes its value. */
  public enum Kind {
    FLAG,
    /**
     * A flag with an optional value: {@code --name}, {@code --name=false}, {@code --name false}.
     */
    SWITCH,
    ONE,
    MANY
  }

  /**
   * The declaration of an argument.
   *
   * @param names the names of an option, with their dashes; none for a parameter
   * @param kind how it takes its value
   * @param required whether a parameter is required
   * @param hidden whether the help leaves it out
   * @param label the name of the value in the help
   * @param description the description in the help
   */
  public record Declaration(
      List<String> names,
      Kind kind,
      boolean required,
      boolean hidden,
      String label,
      String description) {
    /** The labels of values that are names of files, folders or places. */
    private static final Set<String> PATHS =
        Set.of(
            "FILE", "PATH", "DIR", "DIRECTORY", "IMAGE", "TAR", "OUTPUT", "SOURCE", "DESTINATION");

    /** The names that start with two dashes. */
    List<String> longNames() {
      return names.stream().filter(name -> name.startsWith("--")).toList();
    }

    /** Whether the value is the name of a file or folder, or of a place. */
    boolean isPath() {
      return PATHS.contains(label);
    }

    /** The name for messages. */
    public String title() {
      return names.isEmpty() ? label : names.getLast();
    }
  }

  /** Adds a text of the command line to the value. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(@Nullable T before, String text);
  }

  private final Declaration declaration;
  private final Reader<T> reader;
  private List<String> suggestions = List.of();
  private @Nullable T value;

  private Argument(Declaration declaration, Reader<T> reader) {
    this.declaration = declaration;
    this.reader = reader;
  }

  /** An argument with one value; if it is given several times, the last one counts. */
  public static <T> Argument<T> one(Declaration declaration, ValueReader<T> reader) {
    return new Argument<>(declaration, (_, text) -> reader.read(text));
  }

  /** An argument whose values are collected in a list. */
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

  /** Names values that a shell completes. Others may be valid, too. */
  public Argument<T> suggest(String... values) {
    suggestions = List.of(values);
    return this;
  }

  /** The values that a shell completes. */
  public List<String> suggestions() {
    return suggestions;
  }

  /**
   * Sets or adds a value.
   *
   * @param name the name of the argument that the user typed
   * @param text the value that the user typed
   * @throws UsageException if the value is invalid
   */
  public void accept(String name, String text) {
    try {
      value = reader.read(value, text);
    } catch (UsageException | InvalidInputException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  /** The value, or null if there is none. */
  public @Nullable T get() {
    return value;
  }

  /** The value, or a default if there is none. */
  public T orElse(T absent) {
    T known = value;
    return known == null ? absent : known;
  }

  /** The value of a required parameter. */
  public T required() {
    T known = value;
    if (known == null) {
      throw new UsageException("missing argument " + declaration.label());
    }
    return known;
  }

  /** Whether a flag was given. */
  public boolean isSet() {
    return Boolean.TRUE.equals(value);
  }
}
