package dev.strata.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.house.samples.host.CopyProgram;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine without its optional libraries: all but zstd and image archives works. */
final class OptionalLibrariesTest {
  private static final String MISSING = "dev.strata.io.MissingDependencyException: ";

  @TempDir private Path temporary;
  private URLClassLoader loader;
  private UnaryOperator<String> program;
  private Path folder;

  @BeforeEach
  void loadTheEngineAlone() throws Exception {
    folder = Files.createDirectory(temporary.resolve("folder"));
    Files.writeString(folder.resolve("file"), "content");
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String name = String.valueOf(Path.of(entry).getFileName());
      if (!name.startsWith("zstd-jni-") && !name.startsWith("commons-")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    Object made = loader.loadClass(CopyProgram.class.getName()).getConstructor().newInstance();
    @SuppressWarnings("unchecked")
    UnaryOperator<String> operator = (UnaryOperator<String>) made;
    program = operator;
  }

  @AfterEach
  void closeLoader() throws Exception {
    loader.close();
  }

  @Test
  void gzipAndLayoutsNeedNoneOfThem() {
    String layout = "oci:" + temporary.resolve("layout") + ":1";
    String digest = program.apply(folder + " " + layout + " gzip");
    assertTrue(digest.startsWith("sha256:"), digest);
    assertEquals("read", program.apply(layout));
  }

  @Test
  void zstdWithoutItsLibraryNamesIt() {
    String message = program.apply(folder + " oci:" + temporary.resolve("layout") + ":1 zstd");
    assertTrue(
        message.startsWith(MISSING + "cannot compress with zstd: com.github.luben:zstd-jni is"),
        message);
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void anArchiveThatIsWrittenWithoutTheLibraryNamesIt() {
    for (String transport : List.of("oci-archive:", "docker-archive:")) {
      Path archive = temporary.resolve("archive.tar");
      assertEquals(
          MISSING
              + "cannot write an image archive: org.apache.commons:commons-compress is not on the"
              + " class path; add it",
          program.apply(folder + " " + transport + archive + ":app:1 none"));
      assertFalse(Files.exists(archive), "no incomplete archive");
    }
  }

  @Test
  void anArchiveThatIsReadWithoutTheLibraryNamesIt() throws Exception {
    Path archive = Files.write(temporary.resolve("archive.tar"), new byte[1024]);
    assertEquals(
        MISSING
            + "cannot read '"
            + archive
            + "': org.apache.commons:commons-compress is not on the class path; add it",
        program.apply("oci-archive:" + archive));
  }
}
