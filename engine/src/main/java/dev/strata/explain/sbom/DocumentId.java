package dev.strata.explain.sbom;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.UUID;

/**
 * The identifier of a document. It depends on all of its content, so that two documents have the
 * same one only if they are the same. Stateless.
 */
final class DocumentId {
  /** Stands for the identifier while the document is written. */
  static final String UNKNOWN = new UUID(0, 0).toString();

  private DocumentId() {}

  /** Puts the identifier where a document has {@link #UNKNOWN} for the first time. */
  static byte[] put(byte[] document) {
    byte[] unknown = UNKNOWN.getBytes(US_ASCII);
    byte[] id = UUID.nameUUIDFromBytes(document).toString().getBytes(US_ASCII);
    int at = 0;
    while (!Arrays.equals(document, at, at + id.length, unknown, 0, id.length)) {
      at++;
    }
    System.arraycopy(id, 0, document, at, id.length);
    return document;
  }
}
