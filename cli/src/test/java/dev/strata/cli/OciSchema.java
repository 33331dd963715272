package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;

/** The schema of the OCI image specification for one kind of document. */
public final class OciSchema {
  public static final OciSchema MANIFEST = new OciSchema("manifest");
  public static final OciSchema INDEX = new OciSchema("index");
  public static final OciSchema CONFIG = new OciSchema("config");
  public static final OciSchema LAYOUT = new OciSchema("layout");

  private final String kind;
  private final JsonSchema schema;

  private OciSchema(String kind) {
    this.kind = kind;
    try (InputStream in =
        Objects.requireNonNull(OciSchema.class.getResourceAsStream("oci-image.schema.json"))) {
      String rules = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String one = rules.replaceFirst("\\{", "{\"\\$ref\": \"#/\\$defs/" + kind + "\",");
      this.schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(one);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fails the test unless the document conforms to the schema. */
  public void accepts(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    assertEquals(Set.of(), problems(text), () -> kind + ": " + text);
  }

  /** Returns the violations of the schema. */
  public Set<?> problems(String json) {
    return schema.validate(
        json,
        InputFormat.JSON,
        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
  }
}
