package dev.strata.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The engine keeps the rules of the house. */
final class HouseTest {
  // The tests of a module run in its folder.
  private static final JavaClasses ENGINE =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void roomsUseOnlyRoomsAboveTheirOwn() {
    HouseRules.roomsUseOnlyRoomsAbove(Rooms.ENGINE).check(ENGINE);
  }

  @Test
  void packagesHaveNoCircles() {
    HouseRules.packagesHaveNoCircles().check(ENGINE);
  }

  @Test
  void publicTypesMentionNoInternalType() {
    HouseRules.publicTypesLeakNothingOf("dev.strata.internal").check(ENGINE);
  }

  @Test
  void theEngineLeavesItsHostAlone() {
    HouseRules.theHostIsLeftAlone().check(ENGINE);
  }
}
