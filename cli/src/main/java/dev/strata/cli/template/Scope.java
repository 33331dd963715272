package dev.strata.cli.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables and the output of a template that is being applied. Not thread-safe. */
final class Scope {
  private record Variable(String name, @Nullable Object value) {}

  private final List<Variable> variables = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();

  Scope(@Nullable Object root) {
    declare("$", root);
  }

  void print(String text) {
    out.append(text);
  }

  String text() {
    return out.toString();
  }

  /** The number of variables, to which {@link #leave} returns at the end of a block. */
  int enter() {
    return variables.size();
  }

  void leave(int mark) {
    variables.subList(mark, variables.size()).clear();
  }

  void declare(String name, @Nullable Object value) {
    variables.add(new Variable(name, value));
  }

  void assign(String name, @Nullable Object value) {
    variables.set(find(name), new Variable(name, value));
  }

  @Nullable Object get(String name) {
    return variables.get(find(name)).value();
  }

  private int find(String name) {
    for (int i = variables.size() - 1; i >= 0; i--) {
      if (variables.get(i).name().equals(name)) {
        return i;
      }
    }
    throw TemplateError.applying("undefined variable '" + name + "'");
  }
}
