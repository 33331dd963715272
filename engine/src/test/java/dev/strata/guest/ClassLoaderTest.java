package dev.strata.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host can load the engine more than once, and get rid of it again. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ClassLoaderTest {
  private static final int COLLECTIONS = 100;

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void createFolder() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("folder"));
    Files.write(folder.resolve("file"), new byte[3_000_000]);
  }

  private static URL[] classPath() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  /** Uses the engine in a class loader of its own, which is dropped at the end. */
  private WeakReference<ClassLoader> useOnce() throws Exception {
    URLClassLoader loader =
        new URLClassLoader("plug-in", classPath(), ClassLoader.getPlatformClassLoader());
    try (loader) {
      Class<?> embedded = loader.loadClass(Embedded.class.getName());
      assertEquals(loader, embedded.getClassLoader());
      embedded
          .getMethod("run", Path.class, String[].class)
          .invoke(null, folder, new String[] {"gzip", "zstd"});
    }
    return new WeakReference<>(loader);
  }

  @Test
  void classLoadersAreCollectedAfterUse() throws Exception {
    List<WeakReference<ClassLoader>> loaders = List.of(useOnce(), useOnce());

    for (int i = 0; i < COLLECTIONS && loaders.stream().anyMatch(l -> l.get() != null); i++) {
      System.gc();
    }

    assertTrue(loaders.stream().allMatch(l -> l.get() == null), "a class loader is still in use");
  }

  @Test
  void systemPropertiesAndThreadsAreAsBefore() throws Exception {
    Properties before = (Properties) System.getProperties().clone();

    Embedded.run(folder, "gzip", "zstd");

    assertEquals(before, System.getProperties());
    for (Thread t : Thread.getAllStackTraces().keySet()) {
      if (t.getName().startsWith("strata-")) {
        // It ends by itself: the thread that binds libc once, or one that is ending already.
        t.join(10_000);
        assertEquals(false, t.isAlive(), t.getName());
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("file")), files.toList());
    }
  }
}
