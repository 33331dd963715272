package dev.strata.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each rule fails on a sample that breaks it, and only there. */
final class HouseRulesTest {
  private static final String SAMPLES = "dev.strata.house.samples";

  @Test
  void anUpwardUseIsFound() {
    Rooms rooms = new Rooms(SAMPLES, List.of(List.of("first"), List.of("second")));
    List<String> violations =
        violations(HouseRules.roomsUseOnlyRoomsAbove(rooms), "first", "second");
    assertEquals(1, violations.size(), violations.toString());
    assertTrue(
        violations
            .getFirst()
            .startsWith(SAMPLES + ".first.Upward uses " + SAMPLES + ".second.Downward, "),
        violations.toString());
  }

  @Test
  void aUseOfARoomOnTheSameFloorIsFound() {
    Rooms rooms = new Rooms(SAMPLES, List.of(List.of("first", "second")));
    assertEquals(
        2,
        violations(HouseRules.roomsUseOnlyRoomsAbove(rooms), "first", "second").size(),
        "either way");
  }

  @Test
  void aClassOutsideOfTheRoomsIsFound() {
    Rooms rooms = new Rooms(SAMPLES, List.of(List.of("first")));
    List<String> violations = violations(HouseRules.roomsUseOnlyRoomsAbove(rooms), "second");
    assertEquals(
        List.of(SAMPLES + ".second.Downward is in a package that Rooms does not list"), violations);
  }

  @Test
  void aCircleIsFound() {
    List<String> violations =
        violations(HouseRules.packagesHaveNoCircles(), "ring.one", "ring.two");
    assertEquals(1, violations.size(), violations.toString());
    assertTrue(violations.getFirst().startsWith("Cycle detected"), violations.toString());
  }

  @Test
  void everyMentionOfAnInternalTypeIsFound() {
    String leaks = SAMPLES + ".open.Leaks";
    Set<String> found = new TreeSet<>();
    for (String violation :
        violations(HouseRules.publicTypesLeakNothingOf(SAMPLES + ".internal"), "open")) {
      assertTrue(violation.endsWith(" mentions " + SAMPLES + ".internal.Hidden"), violation);
      found.add(violation.replaceFirst(" mentions .*", "").replace(SAMPLES + ".internal.", ""));
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "the declaration of " + leaks,
                "the declaration of " + leaks + "$Subtype",
                SAMPLES + ".open.Parent.inherited(Hidden)",
                leaks + ".field",
                leaks + ".<init>(Hidden)",
                leaks + ".get()",
                leaks + ".parameter(java.util.List)",
                leaks + ".typeParameter(Hidden)",
                leaks + ".thrown()",
                leaks + "$Component.<init>(Hidden)",
                leaks + "$Component.component()")),
        found);
  }

  @Test
  void aUseOfAnInternalPackageIsFound() {
    ArchRule rule = HouseRules.nobodyUses(SAMPLES + ".internal");
    // Leaks, its three nested classes, Parent and Tight.
    assertEquals(6, violations(rule, "open").size(), "one line a class");
    assertEquals(List.of(), violations(rule, "first", "second"));
  }

  @Test
  void whatALibraryMustNotDoIsFound() {
    Pattern member = Pattern.compile("<java\\.lang\\.(\\w+\\.\\w+)");
    Set<String> found = new TreeSet<>();
    for (String violation : violations(HouseRules.theHostIsLeftAlone(), "guest")) {
      member.matcher(violation).results().map(HouseRulesTest::name).forEach(found::add);
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "Runtime.addShutdownHook",
                "System.err",
                "System.exit",
                "System.out",
                "System.setProperty")),
        found);
  }

  private static String name(MatchResult match) {
    return match.group(1);
  }

  /** Returns what a rule finds in some of the samples, in order. */
  private static List<String> violations(ArchRule rule, String... packages) {
    String[] names = new String[packages.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = SAMPLES + "." + packages[i];
    }
    return rule
        .evaluate(new ClassFileImporter().importPackages(names))
        .getFailureReport()
        .getDetails()
        .stream()
        .sorted()
        .toList();
  }
}
