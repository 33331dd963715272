package dev.strata.explain.sbom;

import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.oci.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes SPDX. Stateless.
 *
 * <p>Source: SPDX specification 2.3 (ISO/IEC 5962), and its JSON schema.
 */
final class SpdxDocument {
  private static final String UNKNOWN = "NOASSERTION";
  private static final int ID_DIGITS = 16;
  private static final int ID_NAME = 60;

  private final Model model;
  private final Map<String, String> ids = new HashMap<>();
  private final JsonOutput out = JsonOutput.readable();

  private SpdxDocument(Model model) {
    this.model = model;
    ids.put(model.image().ref(), id(model.image()));
    model.all().forEach(component -> ids.put(component.ref(), id(component)));
  }

  static byte[] write(Model model) {
    return DocumentId.put(FileNames.encode(new SpdxDocument(model).text() + "\n"));
  }

  /** An identifier may have letters, digits, dots and dashes. */
  private static String id(Component component) {
    String name =
        component.name() + (component.version().isEmpty() ? "" : "-" + component.version());
    String plain = name.replaceAll("[^A-Za-z0-9.-]+", "-");
    String unique = Digest.of(FileNames.encode(component.ref())).hex().substring(0, ID_DIGITS);
    return "SPDXRef-" + plain.substring(0, Math.min(ID_NAME, plain.length())) + "-" + unique;
  }

  private String idOf(String ref) {
    return ids.getOrDefault(ref, UNKNOWN);
  }

  private String text() {
    Component image = model.image();
    out.beginObject()
        .field("spdxVersion", "SPDX-2.3")
        .field("dataLicense", "CC0-1.0")
        .field("SPDXID", "SPDXRef-DOCUMENT")
        .field("documentNamespace", "https://spdx.org/spdxdocs/strata-" + DocumentId.UNKNOWN)
        .field("name", image.name());
    if (!model.notes().isEmpty()) {
      out.field("comment", String.join("\n", model.notes()));
    }
    String version = Model.toolVersion();
    out.name("creationInfo").beginObject().field("created", created()).name("creators");
    out.beginArray().string("Tool: strata" + (version.isEmpty() ? "" : "-" + version)).endArray();
    out.endObject().name("documentDescribes").beginArray().string(idOf(image.ref())).endArray();
    out.name("packages").beginArray();
    write(image);
    model.all().forEach(this::write);
    out.endArray().name("relationships").beginArray();
    relationship("SPDXRef-DOCUMENT", "DESCRIBES", idOf(image.ref()));
    model
        .components()
        .forEach(component -> relationship(idOf(image.ref()), "CONTAINS", idOf(component.ref())));
    model.components().forEach(this::contained);
    for (Map.Entry<String, List<String>> entry : model.dependencies().entrySet()) {
      for (String target : entry.getValue()) {
        relationship(idOf(entry.getKey()), "DEPENDS_ON", idOf(target));
      }
    }
    return out.endArray().endObject().toString();
  }

  private void contained(Component component) {
    for (Component part : component.parts()) {
      relationship(idOf(component.ref()), "CONTAINS", idOf(part.ref()));
      contained(part);
    }
  }

  /** SPDX requires a time: that of the document, or of the image, or the start of Unix time. */
  private String created() {
    Timestamp time = model.timestamp() == null ? model.created() : model.timestamp();
    Instant instant = time == null ? Instant.EPOCH : OffsetDateTime.parse(time.text()).toInstant();
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void write(Component component) {
    String group = component.group();
    out.beginObject()
        .field("SPDXID", idOf(component.ref()))
        .field("name", group.isEmpty() ? component.name() : group + "/" + component.name())
        .fieldUnlessEmpty("versionInfo", component.version())
        .fieldUnlessEmpty("summary", component.description())
        .field("primaryPackagePurpose", component.type().spdx())
        .field("downloadLocation", UNKNOWN)
        .name("filesAnalyzed")
        .bool(false)
        .field("licenseConcluded", UNKNOWN)
        .field("licenseDeclared", UNKNOWN)
        .field("copyrightText", UNKNOWN);
    if (component.hash() != null) {
      out.name("checksums").beginArray().beginObject().field("algorithm", "SHA256");
      out.field("checksumValue", component.hash().hex()).endObject().endArray();
    }
    if (!component.locations().isEmpty()) {
      out.field("sourceInfo", "found in " + String.join(", ", component.locations()));
    }
    if (!component.properties().isEmpty()) {
      StringBuilder lines = new StringBuilder();
      component
          .properties()
          .forEach((name, value) ->
              lines.append(lines.isEmpty() ? "" : "\n").append(name + ": " + value));
      out.field("comment", lines.toString());
    }
    if (!component.purl().isEmpty()) {
      out.name("externalRefs").beginArray().beginObject();
      out.field("referenceCategory", "PACKAGE-MANAGER")
          .field("referenceType", "purl")
          .field("referenceLocator", component.purl())
          .endObject()
          .endArray();
    }
    out.endObject();
  }

  private void relationship(String from, String type, String to) {
    out.beginObject()
        .field("spdxElementId", from)
        .field("relationshipType", type)
        .field("relatedSpdxElement", to)
        .endObject();
  }
}
