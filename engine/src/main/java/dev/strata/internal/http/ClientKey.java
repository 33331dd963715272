package dev.strata.internal.http;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the private key of a client certificate: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017) or SEC 1
 * (RFC 5915) in PEM format, unencrypted. Exceptions have no causes, which may quote from the key.
 * Stateless.
 */
final class ClientKey {
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;

  private ClientKey() {}

  /**
   * Reads a key.
   *
   * @param owner the certificate
   * @throws InvalidInputException if the file contains no usable key, or that of another
   *     certificate
   */
  static PrivateKey read(Path file, X509Certificate owner) throws IOException {
    byte[] pkcs8 = pkcs8(file, owner.getPublicKey());
    if (pkcs8 == null) {
      throw invalid(file, "it contains no private key in PEM format; convert it with openssl pkey");
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance(owner.getPublicKey().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      if (belong(key, owner.getPublicKey())) {
        return key;
      }
    } catch (GeneralSecurityException _) {
      // Of another kind than the certificate, or damaged.
    }
    throw invalid(file, "it does not match its certificate; replace one of them");
  }

  private static byte @Nullable [] pkcs8(Path file, PublicKey owner) throws IOException {
    for (Pem block : Pem.blocks(Files.readString(file, StandardCharsets.ISO_8859_1))) {
      if (!block.type().endsWith("PRIVATE KEY")) {
        continue;
      }
      if (block.encrypted() || block.type().startsWith("ENCRYPTED")) {
        throw invalid(file, "it is encrypted; decrypt it with openssl pkey");
      }
      return switch (block.type()) {
        case "PRIVATE KEY" -> block.der();
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> wrapped(block.der(), owner);
        default ->
            throw invalid(
                file, "it is in the format " + block.type() + "; convert it with openssl pkey");
      };
    }
    return null;
  }

  private static InvalidInputException invalid(Path file, String problem) {
    return new InvalidInputException(
        "cannot use the key " + FileNames.quote(file.toString()) + ": " + problem);
  }

  /** Makes a PKCS #8 key of another one, by the algorithm that the certificate names. */
  private static byte[] wrapped(byte[] key, PublicKey owner) {
    // SubjectPublicKeyInfo (RFC 5280, 4.1): the algorithm comes first.
    byte[] info = owner.getEncoded();
    int from = content(info, 0);
    int to = content(info, from) + length(info, from);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, INTEGER, new byte[1]);
    out.writeBytes(Arrays.copyOfRange(info, from, to));
    write(out, OCTET_STRING, key);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    write(all, SEQUENCE, out.toByteArray());
    return all.toByteArray();
  }

  /** Returns where the content of a DER value starts. */
  private static int content(byte[] der, int at) {
    return at + 2 + (der[at + 1] >= 0 ? 0 : der[at + 1] & 0x7F);
  }

  /** Returns the length of the content of a DER value. */
  private static int length(byte[] der, int at) {
    if (der[at + 1] >= 0) {
      return der[at + 1];
    }
    int length = 0;
    for (int i = at + 2; i < content(der, at); i++) {
      length = length << 8 | der[i] & 0xFF;
    }
    return length;
  }

  private static void write(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x83);
      out.write(content.length >> 16);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
  }

  /** Returns whether a key and a certificate belong together, by a signature. */
  private static boolean belong(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
    String algorithm =
        switch (owner.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return true;
    }
    byte[] message = new byte[32];
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(owner);
    signature.update(message);
    return signature.verify(signed);
  }
}
