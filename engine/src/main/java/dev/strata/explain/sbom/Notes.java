package dev.strata.explain.sbom;

import dev.strata.explain.sbom.Content.Unreadable;
import dev.strata.io.FileNames;
import dev.strata.io.PlainText;
import java.util.ArrayList;
import java.util.List;

/** What was passed over, in the order in which it occurred. Not thread-safe. */
final class Notes {
  private static final int MAX_LENGTH = 300;

  private final List<Note> notes = new ArrayList<>();

  /**
   * A file that was passed over.
   *
   * @param path its path in the image, with {@code !/} before a path in an archive
   * @param reason why, on one line
   */
  record Note(String path, String reason) {
    /** The path without what is in an archive. */
    String file() {
      int inner = path.indexOf("!/");
      return inner < 0 ? path : path.substring(0, inner);
    }

    String text() {
      return FileNames.quote(path) + " was passed over: " + reason;
    }
  }

  void add(String path, Unreadable reason) {
    String text = PlainText.line(String.valueOf(reason.getMessage()));
    notes.add(new Note(path, text.substring(0, Math.min(MAX_LENGTH, text.length()))));
  }

  List<Note> all() {
    return List.copyOf(notes);
  }
}
