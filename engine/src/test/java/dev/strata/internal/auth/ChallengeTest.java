package dev.strata.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChallengeTest {
  @Test
  void parsesParametersInAnyOrderQuotedOrNot() {
    assertEquals(
        List.of(
            new Challenge(
                "bearer",
                Map.of(
                    "scope",
                    "repository:a:pull,push",
                    "realm",
                    "https://t/x?y=1",
                    "service",
                    "s"))),
        Challenge.parse(
            "Bearer scope=\"repository:a:pull,push\", service=s ,realm=\"https://t/x?y=1\""));
  }

  @Test
  void parsesSeveralChallenges() {
    assertEquals(
        List.of(
            new Challenge("basic", Map.of("realm", "a \"b\"")),
            new Challenge("bearer", Map.of("realm", "r"))),
        Challenge.parse("Basic realm=\"a \\\"b\\\"\", Bearer realm=\"r\""));
  }

  @Test
  void ignoresMalformedParts() {
    assertEquals(List.of(), Challenge.parse(" , =\"\" "));
    assertEquals(List.of(new Challenge("negotiate", Map.of())), Challenge.parse("Negotiate"));
    assertEquals(
        List.of(new Challenge("basic", Map.of("realm", "open"))),
        Challenge.parse("Basic realm=\"open"));
  }

  @Test
  void parsesWhatServersSend() {
    Challenge wanted =
        new Challenge("bearer", Map.of("realm", "https://t/x?y=1", "service", "a, \"b\""));
    for (String header :
        List.of(
            "bearer realm=\"https://t/x?y=1\",service=\"a, \\\"b\\\"\"",
            "BEARER REALM=\"https://t/x?y=1\", SERVICE=\"a, \\\"b\\\"\"",
            "Bearer   realm = \"https://t/x?y=1\" ,\tservice\t= \"a, \\\"b\\\"\" , ",
            "Bearer realm=https://t/x?y=1 service=\"a, \\\"b\\\"\"",
            ",Bearer realm=https://t/x?y=1,,service=\"a, \\\"b\\\"\"")) {
      assertEquals(List.of(wanted), Challenge.parse(header), header);
    }
  }

  @Test
  void passesOverTokensOfOtherSchemes() {
    assertEquals(
        new Challenge("basic", Map.of("realm", "r")),
        Challenge.parse("Negotiate YWJj==, Basic realm=r").getLast());
  }
}
