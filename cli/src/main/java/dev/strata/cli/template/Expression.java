package dev.strata.cli.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a pipeline that has a value. */
sealed interface Expression {
  /** Computes the value. */
  @Nullable Object eval(Scope scope, @Nullable Object dot);

  /** Computes the value of a command that receives another value through a pipeline. */
  default @Nullable Object eval(Scope scope, @Nullable Object dot, @Nullable Object piped) {
    throw TemplateError.applying("only a function can follow '|'");
  }

  /** A constant. */
  record Constant(@Nullable Object value) implements Expression {
    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot) {
      return value;
    }
  }

  /** The dot. */
  record Dot() implements Expression {
    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot) {
      return dot;
    }
  }

  /** A variable. */
  record Variable(String name) implements Expression {
    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot) {
      return scope.get(name);
    }
  }

  /** A pipeline in parentheses. */
  record Group(Pipeline pipeline) implements Expression {
    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot) {
      return pipeline.eval(scope, dot);
    }
  }

  /** A field of a value, an entry of a map, or the result of a method. */
  record Member(Expression of, String name, List<Expression> arguments) implements Expression {
    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot) {
      return Members.get(of.eval(scope, dot), name, evalAll(arguments, scope, dot));
    }

    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot, @Nullable Object piped) {
      List<@Nullable Object> values = evalAll(arguments, scope, dot);
      values.add(piped);
      return Members.get(of.eval(scope, dot), name, values);
    }
  }

  /** A call of a function. */
  record Call(String function, List<Expression> arguments) implements Expression {
    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot) {
      return function.equals("and") || function.equals("or")
          ? firstDecisive(scope, dot)
          : GoFunctions.call(function, evalAll(arguments, scope, dot));
    }

    @Override
    public @Nullable Object eval(Scope scope, @Nullable Object dot, @Nullable Object piped) {
      List<Expression> all = new ArrayList<>(arguments);
      all.add(new Constant(piped));
      return new Call(function, all).eval(scope, dot);
    }

    /** The arguments of {@code and} and {@code or} are computed until one decides. */
    private @Nullable Object firstDecisive(Scope scope, @Nullable Object dot) {
      if (arguments.isEmpty()) {
        throw TemplateError.applying("'" + function + "' requires an argument");
      }
      Object value = null;
      for (Expression argument : arguments) {
        value = argument.eval(scope, dot);
        if (GoFormat.isTrue(value) == function.equals("or")) {
          return value;
        }
      }
      return value;
    }
  }

  private static List<@Nullable Object> evalAll(
      List<Expression> expressions, Scope scope, @Nullable Object dot) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Expression e : expressions) {
      values.add(e.eval(scope, dot));
    }
    return values;
  }
}
