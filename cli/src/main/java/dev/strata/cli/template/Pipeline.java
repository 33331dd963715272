package dev.strata.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands, each of which receives the value of the one before as its last argument.
 *
 * @param variables the variables that receive the value
 * @param declares whether the variables are new
 * @param commands the commands, at least one
 */
record Pipeline(List<String> variables, boolean declares, List<Expression> commands) {
  /** Computes the value and assigns it to the variable, if there is one. */
  @Nullable Object eval(Scope scope, @Nullable Object dot) {
    Object value = evalQuietly(scope, dot);
    for (String name : variables) {
      set(scope, name, value);
    }
    return value;
  }

  /** Computes the value. */
  @Nullable Object evalQuietly(Scope scope, @Nullable Object dot) {
    Object value = commands.getFirst().eval(scope, dot);
    for (Expression command : commands.subList(1, commands.size())) {
      value = command.eval(scope, dot, value);
    }
    return value;
  }

  void set(Scope scope, String name, @Nullable Object value) {
    if (declares) {
      scope.declare(name, value);
    } else {
      scope.assign(name, value);
    }
  }
}
