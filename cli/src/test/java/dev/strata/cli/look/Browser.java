package dev.strata.cli.look;

import dev.strata.cli.terminal.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A page in a headless Chromium, driven over the DevTools protocol. Not thread-safe. */
final class Browser implements AutoCloseable {
  private static final String ADDRESS = "DevTools listening on ";
  private static final int SECONDS = 120;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private String session = "";
  private int lastId;

  private Browser(Process process, String address) {
    this.process = process;
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Receiver(messages))
            .join();
  }

  /** Starts the browser with an empty page. */
  static Browser start(Path profile) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.startsWith(ADDRESS)) {
        // Its later messages are of no interest, but must not fill the pipe.
        Thread.ofVirtual().start(() -> errors.lines().forEach(_ -> {}));
        Browser browser = new Browser(process, line.substring(ADDRESS.length()));
        browser.openPage();
        return browser;
      }
    }
    throw new IOException("chromium ended with " + process.waitFor());
  }

  private void openPage() throws InterruptedException {
    String target = call("Target.createTarget", Map.of("url", "about:blank")).text("targetId");
    session =
        call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .text("sessionId");
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Sends a command and returns its result. */
  JsonTree call(String method, Map<String, Object> parameters) throws InterruptedException {
    int id = ++lastId;
    Map<String, Object> command = new LinkedHashMap<>();
    command.put("id", id);
    command.put("method", method);
    command.put("params", parameters);
    if (!session.isEmpty()) {
      command.put("sessionId", session);
    }
    socket.sendText(JsonText.compact(command), true).join();
    while (true) {
      JsonTree message = next(method);
      if (message.number("id", -1) == id) {
        if (!message.object("error").text("message").isEmpty()) {
          throw new IllegalStateException(method + ": " + message.object("error").text("message"));
        }
        return message.object("result");
      }
      note(message);
    }
  }

  private JsonTree next(String method) throws InterruptedException {
    String text = messages.poll(SECONDS, TimeUnit.SECONDS);
    if (text == null) {
      throw new IllegalStateException("no answer to " + method);
    }
    return JsonTree.parse("the message", text.getBytes(StandardCharsets.UTF_8));
  }

  private void note(JsonTree message) {
    JsonTree parameters = message.object("params");
    switch (message.text("method")) {
      case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
          problems.add(parameters.json().toString());
      case "Network.requestWillBeSent" -> requests.add(parameters.object("request").text("url"));
      default -> {
        // The other events say nothing about the page.
      }
    }
  }

  /** Sets the size of the window, and the colours that the user prefers. */
  void show(int width, int height, String scheme) throws InterruptedException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Opens a page and waits until its script has shown the data. Returns how long that took. */
  long open(Path page) throws InterruptedException {
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    return Long.parseLong(
        evaluate(
            """
            new Promise((resolve) => {
              const look = () => document.documentElement?.dataset.ready
                  ? resolve(document.documentElement.dataset.ready) : requestAnimationFrame(look);
              look();
            })
            """));
  }

  /** Evaluates an expression, or waits for a promise. Returns its value as text. */
  String evaluate(String expression) throws InterruptedException {
    JsonTree result =
        call(
            "Runtime.evaluate",
            Map.of(
                "expression",
                "Promise.resolve(" + expression.strip() + ").then(String)",
                "awaitPromise",
                true,
                "returnByValue",
                true));
    if (!result.object("exceptionDetails").text("text").isEmpty()) {
      throw new IllegalStateException(result.json().toString());
    }
    return result.object("result").text("value");
  }

  /** Runs a script that is not part of the page. */
  void run(String script) throws InterruptedException {
    call("Runtime.evaluate", Map.of("expression", script));
  }

  /** Presses a key. */
  void press(String key) throws InterruptedException {
    int code =
        switch (key) {
          case "Tab" -> 9;
          case "Enter" -> 13;
          case "Escape" -> 27;
          case "ArrowRight" -> 39;
          case "ArrowDown" -> 40;
          default -> throw new IllegalArgumentException(key);
        };
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("type", "keyDown");
    event.put("key", key);
    event.put("code", key);
    event.put("windowsVirtualKeyCode", code);
    if (key.equals("Enter")) {
      event.put("text", "\r");
    }
    call("Input.dispatchKeyEvent", event);
    event.put("type", "keyUp");
    event.remove("text");
    call("Input.dispatchKeyEvent", event);
  }

  /** The errors and messages on the console so far. */
  List<String> problems() {
    return problems;
  }

  /** The addresses that were requested so far. */
  List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }

  private static final class Receiver implements WebSocket.Listener {
    private final BlockingQueue<String> messages;
    private final StringBuilder parts = new StringBuilder();

    Receiver(BlockingQueue<String> messages) {
      this.messages = messages;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        messages.add(parts.toString());
        parts.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
