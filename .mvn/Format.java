import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks or formats the Java sources of a checkout with google-java-format.
 *
 * <p>Run by Maven (see the parent pom) at the root of the checkout as {@code java Format.java
 * check|write|none VERSION}. Names the files that are not as they should be and leaves their list
 * in {@code target/unformatted}; the file is not there when all is well. It is a program of its
 * own, not a Maven plugin, because Maven may run on a JDK older than the language of the sources.
 */
final class Format {

  /** Where Java sources are; a folder that is missing is passed over. */
  private static final List<String> ROOTS =
      List.of(".mvn", "bench/src", "cli/src", "docs", "engine/src", "fixtures/src");

  private static final Path VERDICT = Path.of("target", "unformatted");

  private Format() {}

  public static void main(String[] args) throws IOException {
    Files.createDirectories(VERDICT.getParent());
    Files.deleteIfExists(VERDICT);
    switch (args[0]) {
      case "check" -> run(false, args[1]);
      case "write" -> run(true, args[1]);
      case "none" -> {}
      default -> {
        System.err.println("[ERROR] -Dformat=" + args[0] + ": use check, write or none");
        System.exit(2);
      }
    }
  }

  private static void run(boolean write, String version) throws IOException {
    // A file that has not changed since all was well is not read again.
    Path stamp = Path.of("target", "formatted-" + version);
    Instant start = Instant.now();
    Instant last = Files.exists(stamp) ? modified(stamp) : Instant.MIN;

    List<String> faults = new ArrayList<>();
    sources().parallelStream()
        .map(file -> fault(file, last, write))
        .flatMap(Optional::stream)
        .forEachOrdered(faults::add);
    if (faults.isEmpty()) {
      Files.write(stamp, new byte[0]);
      Files.setLastModifiedTime(stamp, FileTime.from(start));
    } else {
      faults.forEach(fault -> System.err.println("[ERROR] " + fault));
      Files.write(VERDICT, faults);
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String root : ROOTS) {
      if (Files.isDirectory(Path.of(root))) {
        try (Stream<Path> walk = Files.walk(Path.of(root))) {
          walk.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  /**
   * Says what is wrong with a file, if anything; one that is not formatted is, if {@code write}.
   */
  private static Optional<String> fault(Path file, Instant last, boolean write) {
    try {
      if (modified(file).isBefore(last)) {
        return Optional.empty();
      }
      String source = Files.readString(file);
      String formatted = new Formatter().formatSourceAndFixImports(source);
      if (formatted.equals(source)) {
        return Optional.empty();
      }
      if (write) {
        Files.writeString(file, formatted);
        System.out.println("formatted: " + file);
        return Optional.empty();
      }
      return Optional.of("not formatted: " + file);
    } catch (FormatterException e) {
      return Optional.of("not Java: " + file + ":" + e.getMessage().strip());
    } catch (IOException e) {
      return Optional.of("not readable or writable: " + file + ": " + e);
    }
  }

  private static Instant modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }
}
