package dev.strata;

import dev.strata.explain.FileEntry;
import dev.strata.explain.ImageContents;
import dev.strata.explain.LayerFiles;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a build has to know of a layer of a base image.
 *
 * @param files all entries but files, and those for users and groups
 * @param passwd the content of {@code /etc/passwd}; null if the layer has no such file
 * @param group the content of {@code /etc/group}; null if the layer has no such file
 */
record BaseLayer(LayerFiles files, byte @Nullable [] passwd, byte @Nullable [] group) {
  static final String PASSWD = "/etc/passwd";
  static final String GROUP = "/etc/group";

  /** Returns a visitor that collects it. */
  static ImageContents.Visitor<BaseLayer> reader() {
    return new Reader();
  }

  private static final class Reader implements ImageContents.Visitor<BaseLayer> {
    private final List<LayerFiles.Entry> entries = new ArrayList<>();
    private @Nullable ByteArrayOutputStream passwd;
    private @Nullable ByteArrayOutputStream group;

    @Override
    public @Nullable WritableByteChannel entry(FileEntry entry) {
      boolean wanted = entry.path().equals(PASSWD) || entry.path().equals(GROUP);
      if (wanted || entry.type() != FileEntry.Type.FILE || entry.isWhiteout()) {
        entries.add(new LayerFiles.Entry(entry, null));
      }
      if (!wanted || entry.type() != FileEntry.Type.FILE) {
        return null;
      }
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      if (entry.path().equals(PASSWD)) {
        passwd = content;
      } else {
        group = content;
      }
      return Channels.newChannel(content);
    }

    @Override
    public BaseLayer finish(long size) {
      return new BaseLayer(new LayerFiles(entries, size), bytes(passwd), bytes(group));
    }

    private static byte @Nullable [] bytes(@Nullable ByteArrayOutputStream content) {
      return content == null ? null : content.toByteArray();
    }
  }
}
