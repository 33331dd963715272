package dev.strata.transport.registry;

import dev.strata.internal.json.JsonInput;
import dev.strata.oci.Reference;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages of a list of tags (OCI distribution specification 1.1, listing tags). */
final class RegistryTags {
  /** A registry could also send pages without tags for ever. */
  static final int MAX_PAGES = 10_000;

  /** More tags than this are not listed, so that a hostile registry cannot fill the memory. */
  static final int MAX_COUNT = 1_000_000;

  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  private static final Pattern LINK = Pattern.compile("\\s*<([^>]*)>.*");

  private RegistryTags() {}

  /** Returns the tags of a page. Some registries list null, or digests, which are not tags. */
  static List<String> parse(Reference repository, byte[] json) {
    class Fields {
      List<String> tags = List.of();
    }
    Fields f = new Fields();
    return JsonInput.parse(
        "the list of tags of " + repository.registry() + "/" + repository.repository(),
        json,
        in -> {
          in.object(
              "a list of tags",
              (key, value) -> {
                if (key.equals("tags")) {
                  f.tags = value.strings();
                } else {
                  value.skip();
                }
              });
          return f.tags.stream().filter(tag -> TAG.matcher(tag).matches()).toList();
        });
  }

  /** Returns the address of the next page in a {@code Link} header; empty if there is none. */
  static String next(String link) {
    Matcher m = LINK.matcher(link);
    return m.matches() ? m.group(1) : "";
  }
}
