package dev.strata.internal.http;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of a file in PEM format (RFC 7468, and RFC 1421 for encrypted keys).
 *
 * @param type the label, such as {@code PRIVATE KEY}
 * @param encrypted whether headers say that the content is encrypted
 * @param der the decoded content; may be a secret
 */
record Pem(String type, boolean encrypted, byte[] der) {
  private static final Pattern BLOCK =
      Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----");
  private static final Pattern HEADER = Pattern.compile("(?m)^.*:.*(\\R[ \\t]+.*)*$");

  /** Returns the blocks of a file; ignores text between them. */
  static List<Pem> blocks(String text) {
    List<Pem> blocks = new ArrayList<>();
    for (Matcher m = BLOCK.matcher(text); m.find(); ) {
      String body = m.group(2);
      blocks.add(
          new Pem(
              m.group(1),
              body.contains("ENCRYPTED"),
              Base64.getMimeDecoder().decode(HEADER.matcher(body).replaceAll(""))));
    }
    return blocks;
  }

  @Override
  public String toString() {
    return type;
  }
}
