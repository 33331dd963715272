package dev.strata.cli.nix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** An image as its copyTo script writes it to a folder: manifest, configuration and layers. */
final class Unpacked {
  private final Path folder;

  private Unpacked(Path folder) {
    this.folder = folder;
  }

  /** Runs an image's copyTo script. */
  static Unpacked of(Nix nix, String image, Path folder) {
    Path script = nix.buildOne(image + ".copyTo");
    Nix.run(script.resolve("bin/copy-to").toString(), "dir:" + folder).ok();
    return new Unpacked(folder);
  }

  /** What jq makes of the image's OCI configuration. */
  String config(String filter) {
    return Nix.jq(blob(Nix.jq(folder.resolve("manifest.json"), ".config.digest")), filter);
  }

  /** How tar lists the members of each layer, numeric owners. */
  List<String> listings(String... options) {
    List<String> listings = new ArrayList<>();
    for (String digest : digests()) {
      List<String> command = new ArrayList<>(List.of("tar", "-tvf", blob(digest).toString()));
      command.addAll(List.of(options));
      listings.add(Nix.run(command.toArray(String[]::new)).ok().out());
    }
    return listings;
  }

  /** All listings as one text. */
  String listing() {
    return String.join("", listings("--numeric-owner"));
  }

  /** Whether a member has a mode and owner as tar lists them, such as {@code -rw-r----- 7/8}. */
  boolean has(String modeAndOwner, String member) {
    Pattern line =
        Pattern.compile(
            "(?m)^" + Pattern.quote(modeAndOwner) + " .* " + Pattern.quote(member) + "/?$");
    return line.matcher(listing()).find();
  }

  /** Puts the layers on top of each other. */
  Path extract(Path root) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String digest : digests()) {
      Nix.run("tar", "-xpf", blob(digest).toString(), "-C", root.toString(), "--numeric-owner")
          .ok();
    }
    return root;
  }

  private List<String> digests() {
    return Nix.jq(folder.resolve("manifest.json"), ".layers[].digest").lines().toList();
  }

  private Path blob(String digest) {
    return folder.resolve(digest.replace("sha256:", ""));
  }
}
