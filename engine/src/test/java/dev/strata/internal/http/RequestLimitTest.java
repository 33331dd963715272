package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.strata.internal.http.RequestLimit.Result;
import dev.strata.transport.Cancellation;
import dev.strata.transport.Transfer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RequestLimitTest {
  private final RequestLimit limit = new RequestLimit();
  private final Cancellation never = Cancellation.of(new Transfer.Listener() {});

  private int[] begin(int count) {
    int[] begun = new int[count];
    for (int i = 0; i < count; i++) {
      begun[i] = limit.begin(never);
    }
    return begun;
  }

  private void end(Result result, int... begun) {
    for (int request : begun) {
      limit.end(request, result);
    }
  }

  /** Succeeds with as many requests as may be in flight, which are the given number. */
  private void round(int expected) throws InterruptedException {
    int[] begun = begin(expected);
    assertNull(limit.tryBegin(1));
    end(Result.SUCCESS, begun);
  }

  @Test
  void hasNoLimitAtFirst() {
    end(Result.SUCCESS, begin(100));
    assertEquals(Integer.MAX_VALUE, limit.limit());
  }

  @Test
  void halvesTheRequestsInFlightOnceForThoseThatFailTogether() {
    int[] begun = begin(8);
    end(Result.OVERLOAD, begun);
    assertEquals(4, limit.limit());
    end(Result.OVERLOAD, begin(4));
    assertEquals(2, limit.limit());
  }

  @Test
  void keepsOneRequestAtLeast() {
    for (int i = 0; i < 5; i++) {
      end(Result.OVERLOAD, begin(1));
      assertEquals(1, limit.limit());
    }
  }

  @Test
  void growsByOneAfterEachRoundOfSuccessesUpToTheFirstNumber() throws InterruptedException {
    int[] begun = begin(6);
    end(Result.OVERLOAD, begun);
    round(3);
    round(4);
    round(5);
    assertEquals(Integer.MAX_VALUE, limit.limit());
  }

  @Test
  void ignoresRequestsThatWereGivenUp() {
    end(Result.OTHER, begin(6));
    assertEquals(Integer.MAX_VALUE, limit.limit());
  }

  @Test
  void lowersTheLimitAgainAfterALaterFailure() throws InterruptedException {
    end(Result.OVERLOAD, begin(8));
    round(4);
    int[] begun = begin(5);
    end(Result.OVERLOAD, begun[0]);
    assertEquals(2, limit.limit());
    assertNull(limit.tryBegin(1));
    end(Result.OTHER, begun[1], begun[2], begun[3]);
    end(Result.OTHER, Objects.requireNonNull(assertBegun()), begun[4]);
  }

  private Integer assertBegun() throws InterruptedException {
    Integer begun = limit.tryBegin(1);
    assertNotNull(begun);
    return begun;
  }
}
