package dev.strata.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The public API is what was recorded, and the module descriptor exports all of it. */
final class PublicApiTest {
  // The tests of a module run in its folder.
  private static final Path CLASSES = Path.of("target", "classes");
  private static final Path RECORDED = Path.of("src", "test", "resources", "api", "0.1.txt");
  private static final Path DESCRIPTOR = Path.of("src", "main", "module", "module-info.java");
  private static final String INTERNAL = "dev.strata.internal";

  /**
   * A change of the API is a decision: this test shows it. {@code -Dstrata.recordApi=true} records
   * the API anew; the diff of the file then belongs to the commit, and to CHANGELOG.md.
   */
  @Test
  void theApiIsAsRecorded() throws Exception {
    List<String> api = PublicApi.list(new ClassFileImporter().importPath(CLASSES), INTERNAL);
    if (Boolean.getBoolean("strata.recordApi")) {
      Files.createDirectories(RECORDED.getParent());
      Files.write(RECORDED, api);
    }
    List<String> recorded = Files.readAllLines(RECORDED);
    assertEquals(
        String.join("\n", recorded),
        String.join("\n", api),
        "the public API is not the one in engine/"
            + RECORDED
            + ": record it anew with mvn test -pl fixtures,engine -Dtest=PublicApiTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dstrata.recordApi=true");
  }

  @Test
  void theModuleExportsThePublicRooms() throws Exception {
    TreeSet<String> exported = new TreeSet<>();
    Pattern.compile("exports ([\\w.]+);")
        .matcher(Files.readString(DESCRIPTOR))
        .results()
        .forEach(match -> exported.add(match.group(1)));
    TreeSet<String> rooms = new TreeSet<>(Rooms.ENGINE.packages());
    rooms.removeIf(room -> room.startsWith(INTERNAL));
    assertEquals(rooms, exported);
    assertTrue(exported.contains("dev.strata"), "the facade");
  }
}
