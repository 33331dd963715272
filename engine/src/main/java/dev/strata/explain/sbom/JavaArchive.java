package dev.strata.explain.sbom;

import dev.strata.blob.Digest;
import dev.strata.explain.sbom.Found.Kind;
import dev.strata.io.OutputFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A Java archive, which is kept in a temporary file while it is read, since the directory of an
 * archive is at its end. Archives in it are read, too, but not those in them.
 */
final class JavaArchive extends Content {
  private static final long MAX_SIZE = 1L << 30;
  private static final int MAX_TEXT = 1 << 20;

  /** All archives in an archive, which may be a few bytes compressed. */
  private static final long MAX_NESTED = 1L << 30;

  private static final Pattern VERSIONED = Pattern.compile("(.+?)-(\\d.*)", Pattern.DOTALL);

  private static final String MANIFEST = JarFile.MANIFEST_NAME;
  private static final String MAVEN = "META-INF/maven/";

  private final String location;
  private final Path folder;

  /** The bytes that the archives in it may have; -1 if they are not read. */
  private final long maxNested;

  private final OutputFile file;
  private final MessageDigest hash = Digest.newSha256();
  private long size;

  /**
   * Creates the channel for an archive.
   *
   * @param location its path in the image
   * @param folder the folder for temporary files
   */
  JavaArchive(String location, Path folder) {
    this(location, folder, MAX_NESTED);
  }

  JavaArchive(String location, Path folder, long maxNested) {
    this.location = location;
    this.folder = folder;
    this.maxNested = maxNested;
    file = OutputFile.openIn(folder);
  }

  /** Returns whether a file is a Java archive by its name. */
  static boolean hasName(String path) {
    return path.endsWith(".jar") || path.endsWith(".war") || path.endsWith(".ear");
  }

  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining();
    size += length;
    if (size > MAX_SIZE) {
      source.position(source.limit());
      return length;
    }
    hash.update(source.duplicate());
    file.writeFully(source);
    return length;
  }

  @Override
  List<Found> found(Notes notes) throws Unreadable {
    try {
      if (size > MAX_SIZE) {
        throw new Unreadable("it is larger than " + (MAX_SIZE >> 30) + " GiB");
      }
      Path path = file.temporaryFile();
      ZipDirectory.check(path);
      try (ZipFile zip = new ZipFile(path.toFile())) {
        return read(zip, notes);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Unreadable("it is not a complete zip file: " + e.getMessage());
    }
  }

  private List<Found> read(ZipFile zip, Notes notes) throws IOException, Unreadable {
    List<Found> found = new ArrayList<>();
    List<ZipEntry> coordinates = new ArrayList<>();
    List<ZipEntry> archives = new ArrayList<>();
    zip.stream()
        .forEach(entry -> {
          String name = entry.getName();
          if (name.startsWith(MAVEN) && name.endsWith("/pom.properties")) {
            coordinates.add(entry);
          } else if (hasName(name) && maxNested >= 0) {
            archives.add(entry);
          }
        });
    coordinates.sort(Comparator.comparing(ZipEntry::getName));
    archives.sort(Comparator.comparing(ZipEntry::getName));
    for (ZipEntry entry : coordinates) {
      addMaven(properties(text(zip, entry)), coordinates.size() == 1, found);
    }
    if (found.isEmpty()) {
      ZipEntry manifest = zip.getEntry(MANIFEST);
      found.add(described(manifest == null ? new byte[0] : text(zip, manifest)));
    }
    long left = maxNested;
    for (ZipEntry entry : archives) {
      JavaArchive inner = new JavaArchive(location + "!/" + entry.getName(), folder, -1);
      try {
        left -= inner.copy(zip, entry, left);
        found.addAll(inner.found(notes));
      } catch (Unreadable e) {
        notes.add(inner.location, e);
      } finally {
        inner.drop();
      }
    }
    return found;
  }

  @Override
  void drop() {
    file.close();
  }

  /** Copies an archive from the one it is in. */
  private long copy(ZipFile zip, ZipEntry entry, long limit) throws Unreadable {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    try (InputStream in = zip.getInputStream(entry)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        copied += n;
        if (copied > limit) {
          throw new Unreadable("the archives in it are larger than " + (MAX_NESTED >> 30) + " GiB");
        }
        write(ByteBuffer.wrap(buffer, 0, n));
      }
    } catch (IOException e) {
      throw new Unreadable("it is damaged: " + e.getMessage());
    }
    return copied;
  }

  private static byte[] text(ZipFile zip, ZipEntry entry) throws IOException, Unreadable {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] text = in.readNBytes(MAX_TEXT + 1);
      if (text.length > MAX_TEXT) {
        throw new Unreadable(entry.getName() + " in it is larger than 1 MiB");
      }
      return text;
    }
  }

  private static Properties properties(byte[] text) throws IOException {
    Properties properties = new Properties();
    properties.load(new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8));
    return properties;
  }

  private void addMaven(Properties properties, boolean alone, List<Found> found) {
    String group = properties.getProperty("groupId", "").strip();
    String artifact = properties.getProperty("artifactId", "").strip();
    String version = properties.getProperty("version", "").strip();
    if (!group.isEmpty() && !artifact.isEmpty()) {
      Digest content = alone ? Digest.sha256(hash.digest()) : null;
      found.add(new Found(Kind.MAVEN, group, artifact, version, Map.of(), location, content));
    }
  }

  /** Returns the archive as its manifest describes it, or else by the name of its file. */
  private Found described(byte[] manifest) throws IOException {
    Attributes main = new Manifest(new ByteArrayInputStream(manifest)).getMainAttributes();
    String name = first(main, "Bundle-SymbolicName", "Automatic-Module-Name");
    String version =
        first(main, "Implementation-Version", "Bundle-Version", "Specification-Version");
    String fileName = location.substring(location.lastIndexOf('/') + 1);
    fileName = fileName.substring(0, fileName.length() - ".jar".length());
    Matcher versioned = VERSIONED.matcher(fileName);
    if (versioned.matches()) {
      fileName = versioned.group(1);
      version = version.isEmpty() ? versioned.group(2) : version;
    }
    return new Found(
        Kind.JAR,
        "",
        name.isEmpty() ? fileName : name,
        version,
        Map.of(),
        location,
        Digest.sha256(hash.digest()));
  }

  /** Returns the first attribute that is there, without the parameters after a semicolon. */
  private static String first(Attributes attributes, String... names) {
    for (String name : names) {
      String value = attributes.getValue(name);
      if (value != null && !value.isBlank()) {
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip();
      }
    }
    return "";
  }
}
