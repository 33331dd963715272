package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.ImageConfig;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageConfigJsonTest {
  @TempDir private Path temporary;

  private ImageConfig read(String json) throws IOException {
    return JsonFiles.readConfig(Files.writeString(temporary.resolve("config.json"), json));
  }

  private String rewritten(String json) throws IOException {
    JsonOutput out = JsonOutput.compact();
    ImageConfigJson.write(read(json), out);
    return out.toString();
  }

  @Test
  void writesEveryFieldInTheOrderOfTheSpecification() throws IOException {
    String json =
        "{\"User\":\"u\",\"ExposedPorts\":{\"1/tcp\":{},\"80/tcp\":{}},\"Env\":[\"A=b\"],"
            + "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\",\"\"],\"Volumes\":{\"/v\":{}},"
            + "\"WorkingDir\":\"/w\",\"Labels\":{\"a\":\"\",\"b\":\"c\"},\"StopSignal\":\"TERM\","
            + "\"ArgsEscaped\":true,\"Healthcheck\":{\"Test\":[\"CMD\",\"/t\"],"
            + "\"Interval\":30000000000,\"Timeout\":1,\"StartPeriod\":2,\"StartInterval\":3,"
            + "\"Retries\":4},\"OnBuild\":[\"RUN x\"],\"Shell\":[\"/bin/sh\",\"-c\"]}";

    assertEquals(json, rewritten(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}|{}",
        "null|{}",
        "{\"env\":null,\"cmd\":[],\"labels\":{},\"volumes\":null,\"user\":\"\"}|{}",
        "{\"ENV\":[\"a\"],\"env\":[\"b\",\"c\"]}|{\"Env\":[\"b\",\"c\"]}",
        "{\"env\":[\"a\"],\"Env\":null}|{}",
        "{\"user\":\"u\",\"User\":null}|{\"User\":\"u\"}",
        "{\"labels\":{\"b\":\"1\"},\"Labels\":{\"a\":\"2\"}}|{\"Labels\":{\"a\":\"2\",\"b\":\"1\"}}",
        "{\"volumes\":{\"/b\":{},\"/a\":null,\"/b\":{\"x\":1}}}|{\"Volumes\":{\"/a\":{},\"/b\":{}}}",
        "{\"healthcheck\":{\"test\":[\"NONE\"],\"Retries\":0}}|{\"Healthcheck\":{\"Test\":[\"NONE\"]}}",
        "{\"argsescaped\":false,\"Healthcheck\":null,\"OnBuild\":[],\"Hostname\":\"h\"}|{}",
      })
  void readsAsGoDoes(String json, String expected) throws IOException {
    assertEquals(expected, rewritten(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{\"Env\":\"a\"}",
        "{\"Env\":[1]}",
        "{\"Volumes\":[\"/v\"]}",
        "{\"ExposedPorts\":{\"1\":1}}",
        "{\"Labels\":{\"a\":1}}",
        "{\"Labels\":[]}",
        "{\"ArgsEscaped\":\"true\"}",
        "{\"User\":1}",
        "{\"User\":\"a\"",
        "{\"WorkingDir\":{}}"
      })
  void refusesOtherJson(String text) {
    Failures.assertFails(() -> read(text), "config.json");
  }
}
