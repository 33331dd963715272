package dev.strata.explain.sbom;

import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import java.util.List;
import java.util.Map;

/**
 * Writes CycloneDX. Stateless.
 *
 * <p>Source: CycloneDX 1.6 (ECMA-424), bom-1.6.schema.json.
 */
final class CycloneDxDocument {
  private CycloneDxDocument() {}

  static byte[] write(Model model) {
    JsonOutput out = JsonOutput.readable();
    out.beginObject()
        .field("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
        .field("bomFormat", "CycloneDX")
        .field("specVersion", "1.6")
        .field("serialNumber", "urn:uuid:" + DocumentId.UNKNOWN)
        .field("version", 1)
        .name("metadata")
        .beginObject();
    if (model.timestamp() != null) {
      out.field("timestamp", model.timestamp().text());
    }
    out.name("tools").beginObject().name("components").beginArray().beginObject();
    out.field("type", "application")
        .field("name", "strata")
        .fieldUnlessEmpty("version", Model.toolVersion())
        .endObject()
        .endArray()
        .endObject()
        .name("component");
    write(model.image(), out);
    if (!model.notes().isEmpty()) {
      out.name("properties").beginArray();
      model.notes().forEach(note -> property("strata:note", note, out));
      out.endArray();
    }
    out.endObject().name("components").beginArray();
    model.components().forEach(component -> write(component, out));
    out.endArray().name("dependencies").beginArray();
    for (Map.Entry<String, List<String>> entry : model.dependencies().entrySet()) {
      out.beginObject().field("ref", entry.getKey()).name("dependsOn").beginArray();
      entry.getValue().forEach(out::string);
      out.endArray().endObject();
    }
    out.endArray();
    if (!model.referencesKnown()) {
      out.name("compositions").beginArray().beginObject().field("aggregate", "unknown");
      out.name("dependencies").beginArray().string(model.image().ref()).endArray();
      out.endObject().endArray();
    }
    return DocumentId.put(FileNames.encode(out.endObject() + "\n"));
  }

  private static void write(Component component, JsonOutput out) {
    out.beginObject()
        .field("type", component.type().cycloneDx())
        .field("bom-ref", component.ref())
        .fieldUnlessEmpty("group", component.group())
        .field("name", component.name())
        .fieldUnlessEmpty("version", component.version())
        .fieldUnlessEmpty("description", component.description());
    if (component.hash() != null) {
      out.name("hashes").beginArray().beginObject();
      out.field("alg", "SHA-256").field("content", component.hash().hex()).endObject().endArray();
    }
    out.fieldUnlessEmpty("purl", component.purl());
    if (!component.properties().isEmpty()) {
      out.name("properties").beginArray();
      component.properties().forEach((name, value) -> property(name, value, out));
      out.endArray();
    }
    if (!component.parts().isEmpty()) {
      out.name("components").beginArray();
      component.parts().forEach(part -> write(part, out));
      out.endArray();
    }
    if (!component.locations().isEmpty()) {
      out.name("evidence").beginObject().name("occurrences").beginArray();
      component
          .locations()
          .forEach(location -> out.beginObject().field("location", location).endObject());
      out.endArray().endObject();
    }
    out.endObject();
  }

  private static void property(String name, String value, JsonOutput out) {
    out.beginObject().field("name", name).field("value", value).endObject();
  }
}
