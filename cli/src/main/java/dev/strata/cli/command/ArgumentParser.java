package dev.strata.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses arguments as the reference's flag library does: options and parameters in any order,
 * {@code --name=value} or {@code --name value} for any value, {@code -n value}, {@code -nvalue} or
 * {@code -n=value}, several one-letter flags in one argument, and {@code --} to end the options.
 *
 * <p>Picocli, which renders the help, would take a tenth of a second at each start: its class files
 * are too old for the AOT cache (docs/decisions/start-up.md).
 */
final class ArgumentParser {
  private final Arguments declared;
  private final List<Argument<?>> options;
  private int parameters;

  private ArgumentParser(Arguments declared) {
    this.declared = declared;
    this.options = declared.options();
  }

  /**
   * Parses arguments into the declared ones.
   *
   * @throws UsageException if an argument is unknown, invalid or missing
   */
  public static void parse(Arguments declared, String... args) {
    new ArgumentParser(declared).parse(args);
  }

  private void parse(String... args) {
    boolean optionsEnded = declared.verbatim();
    for (int i = 0; i < args.length; i++) {
      String arg = args[i];
      if (optionsEnded || !arg.startsWith("-") || arg.equals("-")) {
        parameter(arg);
      } else if (arg.equals("--")) {
        optionsEnded = true;
      } else {
        String next = i + 1 < args.length ? args[i + 1] : null;
        boolean takesNext = arg.startsWith("--") ? longOption(arg, next) : letters(arg, next);
        i += takesNext ? 1 : 0;
      }
    }
    if (!declared.help().isSet()) {
      checkRequired();
    }
  }

  private boolean longOption(String arg, @Nullable String next) {
    int equals = arg.indexOf('=');
    String name = equals < 0 ? arg : arg.substring(0, equals);
    Argument<?> option = find(name);
    if (equals >= 0) {
      accept(option, name, arg.substring(equals + 1));
      return false;
    }
    return acceptAlone(option, name, next);
  }

  /** Parses one-letter flags; the last letter may be an option with a value. */
  private boolean letters(String arg, @Nullable String next) {
    for (int i = 1; i < arg.length(); i++) {
      Argument<?> option = find("-" + arg.charAt(i));
      String name = option.declaration().title();
      String rest = arg.substring(i + 1);
      boolean flag = option.declaration().kind() == Argument.Kind.FLAG;
      if (rest.isEmpty()) {
        return acceptAlone(option, name, next);
      }
      if (rest.startsWith("=")) {
        accept(option, name, rest.substring(1));
        return false;
      }
      option.accept(name, flag ? "true" : rest);
      if (!flag) {
        return false;
      }
    }
    return false;
  }

  /** Parses an option without {@code =value}; returns whether the next argument is its value. */
  private boolean acceptAlone(Argument<?> option, String name, @Nullable String next) {
    Argument.Kind kind = option.declaration().kind();
    boolean valueFollows = kind == Argument.Kind.SWITCH ? isBoolean(next) : next != null;
    if (kind == Argument.Kind.FLAG || kind == Argument.Kind.SWITCH && !valueFollows) {
      option.accept(name, "true");
      return false;
    }
    if (next == null) {
      throw new UsageException(name + " requires a value: " + option.declaration().label());
    }
    accept(option, name, next);
    return true;
  }

  /** Passes a value on. An empty path would be the current folder: usually an unset variable. */
  private void accept(Argument<?> argument, String name, String text) {
    if (text.isEmpty() && argument.declaration().isPath() && !declared.takesEmptyPaths()) {
      String label = argument.declaration().label();
      throw new UsageException(
          (name.equals(label) ? "" : name + ": ")
              + label
              + " must not be empty; check for variables that are not set");
    }
    argument.accept(name, text);
  }

  private static boolean isBoolean(@Nullable String text) {
    return "true".equalsIgnoreCase(text) || "false".equalsIgnoreCase(text);
  }

  private Argument<?> find(String name) {
    List<String> known = new ArrayList<>();
    for (Argument<?> option : options) {
      if (option.declaration().names().contains(name)) {
        return option;
      }
      if (!option.declaration().hidden()) {
        known.addAll(option.declaration().longNames());
      }
    }
    throw new UsageException("unknown option '" + name + "'" + Suggestion.of(name, known));
  }

  private void parameter(String text) {
    List<Argument<?>> all = declared.parameters();
    if (parameters < all.size()) {
      Argument<?> parameter = all.get(parameters);
      accept(parameter, parameter.declaration().title(), text);
      parameters += parameter.declaration().kind() == Argument.Kind.MANY ? 0 : 1;
    } else if (!declared.ignoresTheRest()) {
      throw new UsageException("unexpected argument '" + text + "'" + expected(all));
    }
  }

  private static String expected(List<Argument<?>> parameters) {
    List<String> labels = new ArrayList<>();
    for (Argument<?> parameter : parameters) {
      labels.add(parameter.declaration().label());
    }
    return labels.size() < 2 ? "" : "; specify one " + String.join(" and one ", labels);
  }

  private void checkRequired() {
    if (!declared.requiresParameters()) {
      return;
    }
    List<String> missing = new ArrayList<>();
    for (Argument<?> parameter : declared.parameters()) {
      if (parameter.declaration().required() && parameter.get() == null) {
        missing.add(parameter.declaration().label());
      }
    }
    if (!missing.isEmpty()) {
      throw new UsageException(
          (missing.size() == 1 ? "missing argument " : "missing arguments ")
              + String.join(", ", missing));
    }
  }
}
