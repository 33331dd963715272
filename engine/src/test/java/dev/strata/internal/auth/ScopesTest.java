package dev.strata.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScopesTest {
  @Test
  void hasOneScopeForEachResource() {
    Scopes scopes = new Scopes();
    scopes.add("repository:team/app:pull,push");
    scopes.add("repository:team/app:pull");
    scopes.add("repository:base:pull");
    scopes.add("repository:team/app:push,delete");
    assertEquals(
        List.of("repository:team/app:pull,push,delete", "repository:base:pull"), scopes.texts());
  }

  @Test
  void ignoresTextOfAnotherForm() {
    Scopes scopes = new Scopes();
    for (String text : List.of("", "*", "aws", "repository:x", ":", "pull")) {
      scopes.add(text);
      scopes.addActions(text);
    }
    assertEquals(List.of(), scopes.texts());
  }

  @Test
  void addsActionsOnKnownResourcesOnly() {
    Scopes scopes = new Scopes();
    scopes.add("repository:app:pull");
    scopes.addActions("repository:user/image:pull");
    scopes.addActions("repository:app:metadata_read,pull");
    assertEquals(List.of("repository:app:pull,metadata_read"), scopes.texts());
  }
}
