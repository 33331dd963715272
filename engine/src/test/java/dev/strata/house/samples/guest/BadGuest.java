package dev.strata.house.samples.guest;

/** Does to its host what a library must not do. */
final class BadGuest {
  private BadGuest() {}

  static void end() {
    System.exit(1);
  }

  static void print() {
    System.out.println("out");
    System.err.println("err");
  }

  static void configure() {
    System.setProperty("name", "value");
  }

  static void stay() {
    Runtime.getRuntime().addShutdownHook(new Thread(BadGuest::print));
  }

  static String read() {
    return System.getProperty("name", "");
  }
}
