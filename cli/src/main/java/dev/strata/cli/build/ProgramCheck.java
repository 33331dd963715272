package dev.strata.cli.build;

import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.oci.ImageConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the user, and for the program that containers start, among the files of an image: one
 * that is missing, that may not be executed, or that needs another program that is missing, such as
 * a shell.
 */
final class ProgramCheck {
  private static final int HEAD = 4096;
  private static final int ELF_64 = 2;
  private static final int PROGRAM_HEADERS = 32;
  private static final int PROGRAM_HEADER_SIZE = 54;
  private static final int PROGRAM_HEADER_COUNT = 56;
  private static final int INTERPRETER = 3;
  private static final int OFFSET = 8;
  private static final int SIZE = 32;

  /** A file that is added to the image, with the options of its path. */
  private record Found(Path file, @Nullable PathOptions options) {}

  private final Image image;
  private final boolean hasBase;
  private boolean unsure;

  private ProgramCheck(Image image, int baseLayers) {
    this.image = image;
    this.hasBase = baseLayers > 0;
  }

  /** Returns what is wrong with the program of an image; empty if nothing is known to be. */
  static String problem(Image image, int baseLayers) {
    return new ProgramCheck(image, baseLayers).problem();
  }

  private String problem() {
    String user = userProblem();
    return user.isEmpty() ? programProblem() : user;
  }

  /** Without a base, names of users are only known if they were added. */
  private String userProblem() {
    String user = image.config().user().replaceFirst(":.*", "");
    boolean hasUsers = image.layers().stream().anyMatch(layer -> layer.paths().isEmpty());
    if (user.matches("[0-9]*") || hasBase || hasUsers || find("/etc/passwd") != null || unsure) {
      return "";
    }
    return "containers run as "
        + FileNames.quote(user)
        + ", which is not a user of the image;"
        + " use a number (or --add-user)";
  }

  private String programProblem() {
    ImageConfig config = image.config();
    List<String> words = config.entrypoint().isEmpty() ? config.cmd() : config.entrypoint();
    String program = words.isEmpty() ? "" : words.getFirst();
    if (!program.startsWith("/") || image.layers().isEmpty()) {
      return "";
    }
    String what = "containers run " + FileNames.quote(program) + ", which ";
    Found found = find(program);
    if (found == null) {
      return hasBase || unsure ? "" : what + "is not in the image";
    }
    if (!Files.isRegularFile(found.file, LinkOption.NOFOLLOW_LINKS)) {
      return "";
    }
    try {
      if (!isExecutable(found)) {
        return what + "is not executable; change its mode";
      }
      String needed = interpreter(found.file);
      boolean missing = needed.startsWith("/") && find(needed) == null && !hasBase && !unsure;
      return missing
          ? what + "needs " + FileNames.quote(needed) + ", which is not in the image; use --from"
          : "";
    } catch (IOException _) {
      return "";
    }
  }

  /** Finds the file that is at a path of the image; null if it is not in the layers built here. */
  private @Nullable Found find(String path) {
    List<Layer> layers = image.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      for (LayerPath source : layers.get(i).paths()) {
        String name = sourceName(source, path);
        if (name.isEmpty()) {
          continue;
        }
        Path file = FileNames.path(name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          return new Found(file, source.options());
        }
        // A link on the way leads to a place in the image, not on this machine.
        for (Path p = file; p != null; p = p.getParent()) {
          unsure |= Files.isSymbolicLink(p);
        }
      }
    }
    return null;
  }

  /**
   * Returns the name on this machine of a file of the image; empty if the path has no such file.
   */
  private String sourceName(LayerPath source, String path) {
    PathOptions options = source.options();
    Rewrite rewrite = options == null ? Rewrite.NONE : options.rewrite();
    String target = source.path();
    if (!rewrite.equals(Rewrite.NONE)) {
      target = rewrite.replacement().replace("$$", "$");
      if (!Rewrite.moving(source.path(), target.isEmpty() ? "/" : target).equals(rewrite)) {
        unsure = true;
        return "";
      }
    }
    if (!path.equals(target) && !path.startsWith(target + "/")) {
      return "";
    }
    String below = path.substring(target.length());
    boolean leftOut =
        options != null
            && options.excludes() != null
            && !below.isEmpty()
            && options.excludes().excludes(below.substring(1));
    return leftOut ? "" : source.path() + below;
  }

  private static boolean isExecutable(Found found) throws IOException {
    int mode = (Integer) Files.getAttribute(found.file, "unix:mode");
    PathOptions options = found.options;
    for (Perm rule : options == null ? List.<Perm>of() : options.rules()) {
      if (!rule.regex().equals(".*")) {
        // Others are not evaluated here.
        return true;
      }
      mode = rule.mode().isEmpty() ? mode : Integer.parseInt(rule.mode(), 8);
    }
    return (mode & 0111) != 0;
  }

  /** Returns the program that runs a script, or that loads a dynamically linked program. */
  private static String interpreter(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("#!")) {
      return text.substring(2).strip().split("\\s", 2)[0];
    }
    if (!text.startsWith("\u007fELF" + (char) ELF_64 + (char) 1) || head.length < SIZE * 2) {
      return "";
    }
    ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    long table = elf.getLong(PROGRAM_HEADERS);
    int size = elf.getShort(PROGRAM_HEADER_SIZE);
    int count = elf.getShort(PROGRAM_HEADER_COUNT);
    for (int i = 0; i < count && table + (i + 1L) * size <= head.length; i++) {
      int header = (int) table + i * size;
      if (elf.getInt(header) == INTERPRETER) {
        long from = elf.getLong(header + OFFSET);
        long length = elf.getLong(header + SIZE) - 1;
        boolean inside = from >= 0 && length >= 0 && from + length <= head.length;
        return inside ? text.substring((int) from, (int) (from + length)) : "";
      }
    }
    return "";
  }
}
