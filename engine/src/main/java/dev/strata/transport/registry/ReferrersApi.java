package dev.strata.transport.registry;

import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.ConflictException;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestJson;
import dev.strata.oci.Referrer;
import dev.strata.transport.registry.RegistryClient.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two ways in which registries list referrers (OCI distribution specification 1.1): the
 * referrers API, and in registries without it an index under a tag made of the subject's digest,
 * which clients maintain. Thread-safe as far as the client is; of several clients that change one
 * index at the same time, each checks that its entries have stayed.
 */
final class ReferrersApi {
  /** More referrers than this are not listed, so that a hostile registry cannot fill the memory. */
  static final int MAX_COUNT = 10_000;

  private static final String READ = "read the list of referrers of";
  private static final String WRITE = "write the list of referrers of";
  private static final int PRECONDITION_FAILED = 412;
  private static final int MAX_PAGES = 1000;
  private static final int MAX_ATTEMPTS = 20;
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final RegistryClient client;

  ReferrersApi(RegistryClient client) {
    this.client = client;
  }

  /** An index under a tag: its bytes, and what identifies this version of it to the registry. */
  private record Tagged(byte[] json, List<Referrer> referrers, String version) {}

  /** Lists the referrers of a manifest, each once. */
  List<Referrer> list(Digest subject) {
    List<Referrer> listed = fromApi(subject);
    if (listed != null) {
      return listed;
    }
    Tagged index = fromTag(subject);
    return index == null ? List.of() : index.referrers();
  }

  /** Lists the referrers that the API knows; null if the registry does not have the API. */
  @Nullable List<Referrer> fromApi(Digest subject) {
    Map<Digest, Referrer> all = new LinkedHashMap<>();
    URI page = client.uri("referrers/" + subject);
    Set<URI> read = new HashSet<>();
    while (page != null && read.add(page)) {
      Answer answer = client.call("GET", page, Map.of("Accept", MediaTypes.INDEX), null);
      if (read.size() == 1 && !isList(answer)) {
        return null;
      }
      if (answer.status() != 200) {
        throw client.refusal("list the referrers of", answer);
      }
      add(all, Referrer.parse(name(subject), answer.body()));
      if (all.size() > MAX_COUNT || read.size() > MAX_PAGES) {
        throw new InvalidInputException(
            "cannot list "
                + name(subject)
                + ": there are more than "
                + MAX_COUNT
                + "; ask the registry's operator to remove some");
      }
      page = client.nextPage(page, answer);
    }
    return List.copyOf(all.values());
  }

  /**
   * Returns whether a registry has answered with a list. Others answer 404, or what they answer to
   * any path that they do not know.
   */
  private static boolean isList(Answer answer) {
    String type = answer.header("Content-Type");
    return answer.status() == 200
        && (type.startsWith(MediaTypes.INDEX) || type.startsWith("application/json"));
  }

  private static void add(Map<Digest, Referrer> all, List<Referrer> more) {
    more.forEach(r -> all.putIfAbsent(r.descriptor().digest(), r));
  }

  /** Reads the index under the tag; null if there is none. */
  private @Nullable Tagged fromTag(Digest subject) {
    String tag = Referrer.tag(subject);
    return client.retrying(
        READ,
        () -> {
          Answer answer =
              client.call(
                  "GET",
                  client.uri("manifests/" + tag),
                  Map.of("Accept", MediaTypes.INDEX + ", " + MediaTypes.MANIFEST),
                  null);
          if (answer.status() == 404) {
            return null;
          }
          if (answer.status() != 200) {
            throw client.refusal(READ, answer);
          }
          client.checkStored(Digest.of(answer.body()), answer);
          Map<Digest, Referrer> all = new LinkedHashMap<>();
          add(all, Referrer.parse(name(subject), answer.body()));
          return new Tagged(answer.body(), List.copyOf(all.values()), answer.header("ETag"));
        });
  }

  /**
   * Adds referrers to the index under the tag. Another client may replace the index at the same
   * time, and with it these entries, so they are looked for afterwards: at once, and again after
   * the time in which a client that had read the former index would have replaced it.
   */
  void addToTag(Digest subject, List<Referrer> added) {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      long begun = System.nanoTime();
      Tagged before = fromTag(subject);
      if (!has(before, added) && !replace(subject, before, added)) {
        awaitOthers(begun);
        continue;
      }
      if (has(fromTag(subject), added)) {
        awaitOthers(begun);
        if (has(fromTag(subject), added)) {
          return;
        }
      }
    }
    throw new ConflictException(
        "cannot add to "
            + name(subject)
            + ": other clients replace their index all the time; try again later");
  }

  private void awaitOthers(long begun) {
    Duration taken = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(2);
    Duration wait = taken.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : taken;
    client.sleep(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
  }

  private static boolean has(@Nullable Tagged index, List<Referrer> wanted) {
    Set<Digest> digests = new HashSet<>();
    if (index != null) {
      index.referrers().forEach(r -> digests.add(r.descriptor().digest()));
    }
    return wanted.stream().allMatch(r -> digests.contains(r.descriptor().digest()));
  }

  /**
   * Writes the index with more entries; the others stay byte for byte.
   *
   * @return false if another client has replaced it in the meantime, and the registry knows that
   */
  private boolean replace(Digest subject, @Nullable Tagged before, List<Referrer> added) {
    byte[] json = with(subject, before, added);
    Descriptor index = new BytesBlob(MediaTypes.INDEX, json).descriptor();
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", MediaTypes.INDEX);
    // A weak ETag, which a proxy may have made of the registry's, never matches.
    if (before != null && before.version().startsWith("\"")) {
      headers.put("If-Match", before.version());
    }
    URI uri = client.uri("manifests/" + Referrer.tag(subject));
    return client.retrying(
        WRITE,
        () -> {
          Answer answer = client.call("PUT", uri, headers, json);
          if (answer.status() == PRECONDITION_FAILED) {
            return false;
          }
          if (!RegistryClient.isSuccess(answer.status())) {
            throw client.refusal(WRITE, answer);
          }
          client.checkStored(index.digest(), answer);
          return true;
        });
  }

  private byte[] with(Digest subject, @Nullable Tagged before, List<Referrer> added) {
    byte[] old =
        before == null
            ? Manifest.bytes(
                new Manifest(MediaTypes.INDEX, null, List.of(), List.of(), Map.of()).toBlob())
            : before.json();
    ManifestJson index = ManifestJson.parse(name(subject), old);
    List<String> entries = new ArrayList<>(index.entries());
    for (Referrer referrer : added) {
      if (!has(before, List.of(referrer))) {
        entries.add(referrer.json());
      }
    }
    byte[] json = index.withEntries(entries).bytes();
    if (json.length > Manifest.MAX_SIZE) {
      throw new InvalidInputException(
          "cannot add to "
              + name(subject)
              + ": their index would be larger than "
              + Manifest.MAX_SIZE
              + " bytes, the most that registries accept; delete some of them");
    }
    return json;
  }

  private String name(Digest subject) {
    return "the referrers of "
        + client.reference().registry()
        + "/"
        + client.reference().repository()
        + "@"
        + subject;
  }
}
