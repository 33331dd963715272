package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocationsTest {
  private static final URI BASE = URI.create("https://r.example:5000/v2/a/blobs/uploads/?x=1");

  private static String resolve(String location) {
    return Locations.resolve(BASE, location).toString();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "https://h/p?sig=a%2Fb%2Bc+d&e, https://h/p?sig=a%2Fb%2Bc+d&e",
        "https://h/p?a|b={1}^, https://h/p?a%7Cb=%7B1%7D%5E",
        "https://h/p?f=attachment;filename=\"x\", https://h/p?f=attachment;filename=%22x%22",
        "https://h/p?x=100%, https://h/p?x=100%25",
        "https://h/p?x=%2&y=%zz, https://h/p?x=%252&y=%25zz",
        "https://h/a b\\c?d e, https://h/a%20b%5Cc?d%20e",
        "https://h/\u00c3\u00a4?\u00e4, https://h/%C3%A4?%E4",
        "https://h/a[1]?b[1], https://h/a%5B1%5D?b[1]",
        "https://h?q=1, https://h/?q=1",
        "https://h/p?, https://h/p?",
        "https://h/p#fragment?q, https://h/p",
        "HTTPS://Host.Example:0443/P, https://host.example:443/P",
        "https://user:pw@h/p, https://h/p",
        "https://h:/p, https://h/p",
        "https://[fd00::1]:8080/p, https://[fd00::1]:8080/p",
        "http://my_bucket.example:90/a, http://my_bucket.example:90/a",
        "//h/p?q, https://h/p?q",
        "/p?q|, https://r.example:5000/p?q%7C",
        "//h, https://h/",
        "?q=2, https://r.example:5000/v2/a/blobs/uploads/?q=2",
        "abc, https://r.example:5000/v2/a/blobs/uploads/abc",
        "../uploads/./abc?d, https://r.example:5000/v2/a/blobs/uploads/abc?d",
        "../../../../../x/.., https://r.example:5000/",
        "~~, https://r.example:5000/v2/a/blobs/uploads/?x=1",
        "  /p  , https://r.example:5000/p",
      })
  void addressesAreReadAsServersWriteThem(String location, String wanted) {
    assertEquals(wanted, resolve(location));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://h/",
        "http:/p",
        "localhost:5000/v2/",
        "javascript:alert(1)",
        "http://",
        "http:///p",
        "http://h:99999/",
        "http://h:0/",
        "http://h:x/",
        "http://h\\@evil/",
        "http://a b/",
        "http://h\u00e4/",
        "http://%6c/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://a,b/"
      })
  void otherAddressesAreRefused(String location) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> resolve(location));
    assertTrue(String.valueOf(e.getMessage()).startsWith("it"), e.getMessage());
  }

  @Test
  void parametersAreAddedToAnyQuery() {
    for (String[] pair :
        new String[][] {
          {"http://h/u", "http://h/u?digest=d"},
          {"http://h/u?", "http://h/u?digest=d"},
          {"http://h/u?a=%2F", "http://h/u?a=%2F&digest=d"},
          {"http://h/u?a&", "http://h/u?a&digest=d"},
        }) {
      assertEquals(pair[1], Locations.withParameter(URI.create(pair[0]), "digest=d").toString());
    }
  }

  @Test
  void unusualHostsAreKnown() {
    URI odd = URI.create("http://my_bucket.example:90/a");
    assertTrue(Locations.isOdd(odd));
    assertEquals("my_bucket.example", Locations.host(odd));
    assertEquals(90, Locations.port(odd));
    URI usual = URI.create("https://h/");
    assertFalse(Locations.isOdd(usual));
    assertEquals(443, Locations.port(usual));
    assertEquals(80, Locations.port(URI.create("http://my_bucket/")));
  }
}
