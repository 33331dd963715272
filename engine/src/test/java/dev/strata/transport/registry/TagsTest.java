package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import dev.strata.io.NotFoundException;
import dev.strata.io.UnauthorizedException;
import dev.strata.oci.Reference;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists the tags of repositories, which registries return in pages. */
@Timeout(60)
final class TagsTest {
  private HttpServer server;
  private final List<String> requests = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Answers requests with the pages by their query, each with the link to the next one. */
  private void pages(Map<String, List<String>> pages) {
    server.createContext(
        "/",
        exchange -> {
          String query = String.valueOf(exchange.getRequestURI().getRawQuery());
          boolean list = exchange.getRequestURI().getPath().equals("/v2/team/app/tags/list");
          List<String> page = list ? pages.get(query) : List.of("{}", "");
          requests.add(list ? query : "");
          int status = page == null ? 404 : page.getFirst().startsWith("{") ? 200 : 403;
          byte[] body = (page == null ? "" : page.getFirst()).getBytes(StandardCharsets.UTF_8);
          if (page != null && !page.get(1).isEmpty()) {
            exchange.getResponseHeaders().add("Link", page.get(1));
          }
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private List<String> tags() {
    Reference name = Reference.parse("127.0.0.1:" + server.getAddress().getPort() + "/team/app");
    RegistryOptions options = RegistryOptions.of(Map.of()).withRetries(0);
    try (RegistrySource source = RegistrySource.of(name, options, Transfer.quiet(1).listener())) {
      return source.tags();
    }
  }

  @Test
  void readsAllPages() {
    pages(
        Map.of(
            "null",
            List.of(
                "{\"tags\":[\"1\",\"2\"]}", "</v2/team/app/tags/list?last=2&n=2>; rel=\"next\""),
            "last=2&n=2",
            List.of("{\"tags\":[\"2\",\"3\"]}", "<?last=3>; rel=next"),
            "last=3",
            List.of("{\"name\":\"team/app\",\"tags\":[\"4\"]}", "")));
    assertEquals(List.of("1", "2", "3", "4"), tags());
  }

  @Test
  void asksNoOtherHostForAPage() {
    pages(
        Map.of(
            "null",
            List.of(
                "{\"tags\":[\"1\"]}", "<http://10.255.255.1/v2/team/app/tags/list?x>; rel=next"),
            "x",
            List.of("{\"tags\":[\"2\"]}", "")));
    assertEquals(List.of("1", "2"), tags());
  }

  @Test
  void endsAtAPageThatLeadsBack() {
    pages(
        Map.of(
            "null",
            List.of("{\"tags\":[\"1\"]}", "</v2/team/app/tags/list?a>"),
            "a",
            List.of("{\"tags\":[\"2\"]}", "</v2/team/app/tags/list>")));
    assertEquals(List.of("1", "2"), tags());
    assertEquals(List.of("null", "a"), requests.stream().filter(r -> !r.isEmpty()).toList());
  }

  @Test
  void leavesOutWhatIsNoTag() {
    pages(
        Map.of(
            "null",
            List.of(
                "{\"tags\":[\"1\",\"\",null,\"sha256:" + "a".repeat(64) + "\",\"a\\u001b[2J\"]}",
                "")));
    assertEquals(List.of("1"), tags());
  }

  @Test
  void aRepositoryMayHaveNoTags() {
    pages(Map.of("null", List.of("{\"name\":\"team/app\",\"tags\":null}", "")));
    assertEquals(List.of(), tags());
  }

  @Test
  void refusalsHaveTheirTypes() {
    pages(Map.of());
    assertThrows(NotFoundException.class, this::tags);
    server.removeContext("/");
    pages(Map.of("null", List.of("no", "")));
    assertThrows(UnauthorizedException.class, this::tags);
  }
}
