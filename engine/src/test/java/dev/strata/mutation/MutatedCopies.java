package dev.strata.mutation;

import dev.strata.DestinationSettings;
import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.fixtures.FileTrees;
import dev.strata.image.CopySource;
import dev.strata.image.PulledImage;
import dev.strata.io.StrataException;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Destination;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.registry.RegistryOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program that copies changed images, each from a random kind of place to another. Prints a line
 * for each copy that neither fails with a clear message nor leaves the right image, and the totals.
 *
 * <p>Arguments: an empty folder, the first seed and the number of seeds.
 */
public final class MutatedCopies {
  private static final Platform AMD64 = new Platform("linux", "amd64", "");
  private static final List<String> DESTINATIONS =
      List.of("oci", "oci-archive", "dir", "docker-archive");
  private static final List<String> SOURCES =
      List.of("oci", "oci-archive", "dir", "docker-archive", "nix");

  private final Path folder;
  private int copied;
  private int refused;
  private int wrong;

  private MutatedCopies(Path folder) {
    this.folder = folder;
  }

  /** Runs the program. */
  public static void main(String[] args) throws IOException {
    MutatedCopies copies = new MutatedCopies(Path.of(args[0]));
    int first = Integer.parseInt(args[1]);
    int count = Integer.parseInt(args[2]);
    for (int seed = first; seed < first + count; seed++) {
      copies.run(seed);
    }
    System.out.println(
        "copied " + copies.copied + ", refused " + copies.refused + ", wrong " + copies.wrong);
  }

  private void run(int seed) throws IOException {
    Path work = Files.createDirectory(folder.resolve("w"));
    long start = System.nanoTime();
    String problem;
    try {
      problem = problemOf(new Random(seed), work);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      StackTraceElement[] trace = e.getStackTrace();
      problem = e + (trace.length == 0 ? "" : " at " + trace[0]);
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    if (problem.isEmpty() && millis > 10_000) {
      problem = "took " + millis + " ms";
    }
    if (!problem.isEmpty()) {
      wrong++;
      System.out.println("seed " + seed + ": " + clipped(problem));
    }
    FileTrees.deleteRecursively(work);
  }

  private static String clipped(String text) {
    return text.substring(0, Math.min(text.length(), 500)).replaceAll("\\p{Cntrl}", "?");
  }

  /** Copies an image and returns what is wrong with the outcome, or an empty text. */
  private String problemOf(Random random, Path work) throws IOException {
    String kind = SOURCES.get(random.nextInt(SOURCES.size()));
    Map<String, byte[]> files = new LinkedHashMap<>();
    Path source = work.resolve("source");
    if (kind.equals("nix")) {
      write("dir", "", files, source, random);
      Path image = work.resolve("image.json");
      String json = PulledImage.fromDirectory(source.toString()).toJson();
      byte[] changed = JsonMutation.apply(json.getBytes(StandardCharsets.UTF_8), random);
      Files.write(image, changed);
      source = image;
    } else {
      List<String> documents = documents(kind);
      write(kind, documents.get(random.nextInt(documents.size())), files, source, random);
    }
    String target = DESTINATIONS.get(random.nextInt(DESTINATIONS.size()));
    Path destination = Files.createDirectory(work.resolve("out")).resolve("image");
    StoredImage stored = StoredImage.create(target, destination);
    boolean all = !target.equals("docker-archive") && random.nextBoolean();
    String failure = "";
    try {
      copy(kind + ":" + source, target + ":" + destination + stored.newName(), all);
    } catch (StrataException e) {
      failure = String.valueOf(e.getMessage());
    }
    if (failure.isEmpty()) {
      copied++;
      // The configuration of an image.json is made from it, so it is not one of the files.
      return stored.problemAfterCopy(files, kind.equals("nix"));
    }
    refused++;
    boolean clear = failure.length() < 1_500 && failure.chars().noneMatch(Character::isISOControl);
    return clear ? stored.problemAfterFailure() : "unclear message: " + failure;
  }

  private static List<String> documents(String kind) {
    return switch (kind) {
      case "dir" -> SampleImage.FOLDER_DOCUMENTS;
      case "docker-archive" -> SampleImage.SAVED_DOCUMENTS;
      default -> SampleImage.LAYOUT_DOCUMENTS;
    };
  }

  private static void write(
      String kind, String chosen, Map<String, byte[]> files, Path source, Random random)
      throws IOException {
    boolean archive = kind.endsWith("archive");
    boolean changeTar = archive && random.nextInt(3) == 0;
    String document = changeTar ? "" : chosen;
    files.putAll(
        switch (kind) {
          case "dir" -> SampleImage.folder(document, random);
          case "docker-archive" -> SampleImage.saved(document, random);
          default -> SampleImage.layout(document, random);
        });
    if (archive) {
      byte[] tar = SampleImage.tar(files);
      Files.write(source, changeTar ? TarMutation.apply(tar, random) : tar);
      return;
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = source.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  private static void copy(String from, String to, boolean all) {
    RegistryOptions registry = RegistryOptions.of(Map.of());
    Transfer transfer = Transfer.quiet(2);
    Destination destination =
        Transports.destination(ImageLocation.parse(to), DestinationSettings.of(registry));
    try (Source source =
        Transports.source(ImageLocation.parse(from), SourceSettings.of(registry))) {
      CopySource read = source.open(all ? PlatformChoice.all() : PlatformChoice.one(AMD64));
      if (read instanceof CopySource.Several several) {
        destination.writeIndex(several.index(), transfer);
      } else if (read instanceof CopySource.Single single) {
        destination.write(single.image(), transfer);
      }
    }
  }

  /** Returns the regular files of a folder with their digests. */
  static Map<String, String> digests(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.put(folder.relativize(file).toString(), SampleImage.sha256(Files.readAllBytes(file)));
      }
    }
    return found;
  }
}
