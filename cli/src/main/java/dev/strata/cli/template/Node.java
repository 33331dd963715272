package dev.strata.cli.template;

import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A part of a template. */
sealed interface Node {
  /** What follows a node. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  /** Prints the part. */
  Flow run(Scope scope, @Nullable Object dot);

  /** Prints several parts; their variables are gone afterwards. */
  static Flow runAll(List<Node> nodes, Scope scope, @Nullable Object dot) {
    int mark = scope.enter();
    try {
      for (Node node : nodes) {
        Flow flow = node.run(scope, dot);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    } finally {
      scope.leave(mark);
    }
  }

  /** Text between actions. */
  record Text(String text) implements Node {
    @Override
    public Flow run(Scope scope, @Nullable Object dot) {
      scope.print(text);
      return Flow.NEXT;
    }
  }

  /** The value of a pipeline, which is not printed if it is assigned to a variable. */
  record Action(Pipeline pipeline) implements Node {
    @Override
    public Flow run(Scope scope, @Nullable Object dot) {
      Object value = pipeline.eval(scope, dot);
      if (pipeline.variables().isEmpty()) {
        scope.print(GoFormat.text(value));
      }
      return Flow.NEXT;
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(Flow flow) implements Node {
    @Override
    public Flow run(Scope scope, @Nullable Object dot) {
      return flow;
    }
  }

  /** {@code if}, or {@code with}, which moves the dot. */
  record Choice(boolean movesDot, Pipeline condition, List<Node> then, List<Node> otherwise)
      implements Node {
    @Override
    public Flow run(Scope scope, @Nullable Object dot) {
      int mark = scope.enter();
      try {
        Object value = condition.eval(scope, dot);
        return GoFormat.isTrue(value)
            ? runAll(then, scope, movesDot ? value : dot)
            : runAll(otherwise, scope, dot);
      } finally {
        scope.leave(mark);
      }
    }
  }

  /** {@code range}. */
  record Loop(Pipeline over, List<Node> body, List<Node> otherwise) implements Node {
    @Override
    public Flow run(Scope scope, @Nullable Object dot) {
      Object value = over.evalQuietly(scope, dot);
      List<Object> keys;
      List<@Nullable Object> elements;
      switch (value) {
        case null -> {
          keys = List.of();
          elements = List.of();
        }
        case GoList list -> {
          elements = list.elements();
          keys = indexes(elements.size());
        }
        case GoMap map -> {
          keys = List.copyOf(map.entries().keySet());
          elements = List.copyOf(map.entries().values());
        }
        case Long count -> {
          keys = indexes(count);
          elements = new java.util.ArrayList<>(keys);
        }
        default ->
            throw TemplateError.applying(
                "'range' requires a list or a map, got " + GoFormat.kind(value));
      }
      if (keys.isEmpty()) {
        return runAll(otherwise, scope, dot);
      }
      for (int i = 0; i < keys.size(); i++) {
        int mark = scope.enter();
        List<String> names = over.variables();
        if (names.size() == 2) {
          over.set(scope, names.get(0), keys.get(i));
        }
        if (!names.isEmpty()) {
          over.set(scope, names.getLast(), elements.get(i));
        }
        Flow flow = runAll(body, scope, elements.get(i));
        scope.leave(mark);
        if (flow == Flow.BREAK) {
          break;
        }
      }
      return Flow.NEXT;
    }

    private static List<Object> indexes(long count) {
      return LongStream.range(0, count).<Object>mapToObj(Long::valueOf).toList();
    }
  }
}
