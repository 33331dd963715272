package dev.strata.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/architecture.md describes the code as it is. */
final class ArchitectureTest {
  // The tests of a module run in its folder.
  private static final JavaClasses ENGINE =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  private static final Pattern ROOM = Pattern.compile("(?m)^\\| `([\\w.]+)` \\| [^`]");
  private static final Pattern ARROW = Pattern.compile("(?m)^  ([\\w.]+) --> ([\\w.]+)$");
  private static final Pattern STEP = Pattern.compile("(?m)^\\| `([\\w.]+)` \\| `(\\w+)` \\|");

  @Test
  void theRoomsAreListedInTheirOrder() throws IOException {
    List<String> listed = matches(ROOM, section("Rooms")).map(m -> packageOf(m.group(1))).toList();
    assertEquals(Rooms.ENGINE.packages(), listed);
    assertEquals(listed.size(), new HashSet<>(listed).size(), "each once");
  }

  @Test
  void everyRoomHasClasses() {
    Set<String> packages = new HashSet<>();
    ENGINE.forEach(type -> packages.add(type.getPackageName()));
    assertEquals(packages, new HashSet<>(Rooms.ENGINE.packages()));
  }

  @Test
  void everyArrowOfThePictureIsAUse() throws IOException {
    List<MatchResult> arrows = matches(ARROW, section("Rooms")).toList();
    assertFalse(arrows.isEmpty());
    Set<String> drawn = new HashSet<>();
    for (MatchResult arrow : arrows) {
      String from = packageOf(arrow.group(1));
      String to = packageOf(arrow.group(2));
      drawn.add(from);
      drawn.add(to);
      assertTrue(uses(from, to), arrow.group());
    }
    assertEquals(new HashSet<>(Rooms.ENGINE.packages()), drawn, "every room is in the picture");
  }

  @Test
  void everyClassOfAWalkExistsAndIsNamedOnce() throws IOException {
    for (String walk : List.of("A walk: a store path", "A walk: a layer")) {
      List<String> steps = new ArrayList<>();
      matches(STEP, section(walk))
          .forEach(m -> steps.add(packageOf(m.group(1)) + "." + m.group(2)));
      assertTrue(steps.size() > 15, steps.toString());
      assertEquals(steps.size(), new HashSet<>(steps).size(), "each once");
      steps.forEach(step -> assertTrue(ENGINE.contain(step), step));
    }
  }

  private static boolean uses(String from, String to) {
    for (JavaClass type : ENGINE) {
      if (type.getPackageName().equals(from)
          && type.getDirectDependenciesFromSelf().stream()
              .anyMatch(d -> d.getTargetClass().getPackageName().equals(to))) {
        return true;
      }
    }
    return false;
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static String packageOf(String room) {
    return room.equals("dev.strata") ? room : "dev.strata." + room;
  }

  /** Returns the text from a heading to the next of the same level. */
  private static String section(String heading) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "architecture.md"));
    int start = page.indexOf("\n## " + heading);
    assertTrue(start >= 0, heading);
    int end = page.indexOf("\n## ", start + 1);
    return page.substring(start, end < 0 ? page.length() : end);
  }
}
