package dev.strata.cli;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.strata.house.HouseRules;
import dev.strata.house.Rooms;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The command line keeps the rules of the house. */
final class HouseTest {
  // The tests of a module run in its folder.
  private static final JavaClasses CLI =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void roomsUseOnlyRoomsAboveTheirOwn() {
    HouseRules.roomsUseOnlyRoomsAbove(Rooms.CLI).check(CLI);
  }

  @Test
  void packagesHaveNoCircles() {
    HouseRules.packagesHaveNoCircles().check(CLI);
  }

  @Test
  void theCommandLineUsesThePublicApiOnly() {
    HouseRules.nobodyUses("dev.strata.internal").check(CLI);
  }
}
