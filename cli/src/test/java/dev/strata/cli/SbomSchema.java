package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The official schema of a format of bills of materials, from the jar of its project. */
public final class SbomSchema {
  public static final SbomSchema CYCLONEDX =
      new SbomSchema("http://cyclonedx.org/schema/bom-1.6.schema.json");
  public static final SbomSchema SPDX =
      new SbomSchema("http://spdx.org/schema/spdx-schema-v2.3.json");

  private final JsonSchema schema;

  private SbomSchema(String name) {
    schema =
        JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V7,
                builder ->
                    builder.schemaMappers(mappers ->
                        mappers
                            .mapPrefix("http://cyclonedx.org/schema/", "classpath:")
                            .mapPrefix("http://spdx.org/schema/", "classpath:resources/")))
            .getSchema(SchemaLocation.of(name));
  }

  /** Fails the test unless the document conforms to the schema. */
  public void accepts(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    assertEquals(Set.of(), problems(text), text);
  }

  /** Returns the violations of the schema. */
  public Set<?> problems(String json) {
    return schema.validate(
        json,
        InputFormat.JSON,
        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
  }
}
