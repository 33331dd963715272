package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.Sizes;
import dev.strata.image.Artifact;
import dev.strata.image.CopySource;
import dev.strata.image.IndexBlobs;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.PlainText;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.Referrer;
import dev.strata.transport.Referrers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What refers to an image, and what refers to that in turn. Immutable.
 *
 * @param image the digest of the image's manifest or index
 * @param referrers what refers to it
 * @param images the images of an index, with what refers to them
 */
record ReferrersReport(Digest image, List<Node> referrers, List<Member> images) {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_COUNT = 10_000;

  /** An image of an index. */
  record Member(Digest digest, @Nullable Platform platform, List<Node> referrers) {}

  /** A referrer with the files that it consists of and its own referrers. */
  record Node(Referrer referrer, List<StoredFile> files, List<Node> referrers) {}

  /** A file of an artifact; its title is empty if it has none. */
  record StoredFile(String title, Descriptor descriptor) {}

  /** Reads the referrers of an image, or of an index and its images. */
  static ReferrersReport of(Referrers place, CopySource image) {
    Set<Digest> seen = new HashSet<>();
    Digest root = image.root().descriptor().digest();
    List<Node> referrers = nodes(place, root, seen, 0);
    List<Member> members = new ArrayList<>();
    if (image instanceof CopySource.Several several) {
      for (IndexBlobs.Member member : several.index().members()) {
        Digest digest = member.descriptor().digest();
        List<Node> found = nodes(place, digest, seen, 0);
        if (!found.isEmpty()) {
          members.add(new Member(digest, member.platform(), found));
        }
      }
    }
    return new ReferrersReport(root, referrers, members);
  }

  private static List<Node> nodes(Referrers place, Digest subject, Set<Digest> seen, int depth) {
    List<Node> nodes = new ArrayList<>();
    if (depth < MAX_DEPTH && seen.add(subject)) {
      List<Referrer> listed = place.list(subject);
      if (seen.size() + listed.size() > MAX_COUNT) {
        throw new InvalidInputException(
            "cannot list the referrers of " + subject + ": there are more than " + MAX_COUNT);
      }
      for (Referrer referrer : listed) {
        List<Node> nested = nodes(place, referrer.descriptor().digest(), seen, depth + 1);
        nodes.add(new Node(referrer, files(place, referrer), nested));
      }
    }
    return nodes;
  }

  private static List<StoredFile> files(Referrers place, Referrer referrer) {
    List<StoredFile> files = new ArrayList<>();
    CopySource artifact;
    try {
      artifact = place.open(referrer);
    } catch (NotFoundException | InvalidInputException _) {
      // Listed, but deleted or of a kind that is unknown.
      return files;
    }
    if (artifact instanceof CopySource.Single single) {
      List<String> titles = titles(single.image().manifest());
      for (int i = 0; i < titles.size(); i++) {
        files.add(new StoredFile(titles.get(i), single.image().layers().get(i).descriptor()));
      }
    }
    return files;
  }

  private static List<String> titles(Blob manifest) {
    List<String> titles = new ArrayList<>();
    JsonTree json = JsonTree.parse("the manifest", Manifest.bytes(manifest));
    List<JsonTree> layers = json.objects("layers");
    for (JsonTree layer : layers == null ? List.<JsonTree>of() : layers) {
      titles.add(layer.object("annotations").text(Artifact.TITLE));
    }
    return titles;
  }

  void print(PrintWriter out) {
    if (referrers.isEmpty() && images.isEmpty()) {
      out.println("Nothing refers to " + image + ".");
      return;
    }
    if (!referrers.isEmpty()) {
      out.println(image.toString());
      print(out, referrers, "  ");
    }
    for (Member member : images) {
      Platform platform = member.platform();
      out.println(
          member.digest() + (platform == null ? "" : "  " + PlainText.line(platform.toString())));
      print(out, member.referrers(), "  ");
    }
  }

  private static void print(PrintWriter out, List<Node> nodes, String indentation) {
    for (Node node : nodes) {
      Referrer referrer = node.referrer();
      String type = referrer.artifactType().isEmpty() ? "(no type)" : referrer.artifactType();
      out.println(indentation + referrer.descriptor().digest() + "  " + PlainText.line(type));
      String deeper = indentation + "  ";
      for (StoredFile file : node.files()) {
        String title = file.title().isEmpty() ? file.descriptor().mediaType() : file.title();
        out.println(deeper + PlainText.line(title) + "  " + Sizes.bytes(file.descriptor().size()));
      }
      referrer
          .annotations()
          .forEach((key, value) -> out.println(deeper + PlainText.line(key + "=" + value)));
      print(out, node.referrers(), deeper);
    }
  }

  String toJson(String name) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("image", name);
    json.put("digest", image.value());
    json.put("referrers", json(referrers));
    List<Object> members = new ArrayList<>();
    for (Member member : images) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("digest", member.digest().value());
      Platform platform = member.platform();
      if (platform != null) {
        each.put("platform", platform.toString());
      }
      each.put("referrers", json(member.referrers()));
      members.add(each);
    }
    json.put("images", members);
    return JsonText.spaced(json);
  }

  private static List<Object> json(List<Node> nodes) {
    List<Object> all = new ArrayList<>();
    for (Node node : nodes) {
      Referrer referrer = node.referrer();
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("digest", referrer.descriptor().digest().value());
      each.put("mediaType", referrer.descriptor().mediaType());
      each.put("size", referrer.descriptor().size());
      each.put("artifactType", referrer.artifactType());
      each.put("annotations", referrer.annotations());
      List<Object> files = new ArrayList<>();
      for (StoredFile file : node.files()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("title", file.title());
        one.put("mediaType", file.descriptor().mediaType());
        one.put("digest", file.descriptor().digest().value());
        one.put("size", file.descriptor().size());
        files.add(one);
      }
      each.put("files", files);
      each.put("referrers", json(node.referrers()));
      all.add(each);
    }
    return all;
  }
}
