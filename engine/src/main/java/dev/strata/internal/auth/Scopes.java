package dev.strata.internal.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a token must allow (the distribution project's "Token Scope Documentation"): one scope for
 * each resource, with all its actions, since some token servers accept no second one. Not
 * thread-safe.
 */
final class Scopes {
  private final Map<String, Set<String>> actions = new LinkedHashMap<>();

  /**
   * Adds a scope such as {@code repository:team/app:pull,push}; ignores text of another form, such
   * as {@code *}.
   */
  void add(String scope) {
    int last = scope.lastIndexOf(':');
    if (last > scope.indexOf(':')) {
      actions
          .computeIfAbsent(scope.substring(0, last), _ -> new LinkedHashSet<>())
          .addAll(List.of(scope.substring(last + 1).split(",")));
    }
  }

  /** Adds further actions on the resources that are here, and no other resources. */
  void addActions(String scope) {
    if (actions.containsKey(scope.substring(0, Math.max(0, scope.lastIndexOf(':'))))) {
      add(scope);
    }
  }

  /** Returns the scopes, one for each resource. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    actions.forEach((resource, all) -> texts.add(resource + ":" + String.join(",", all)));
    return texts;
  }
}
