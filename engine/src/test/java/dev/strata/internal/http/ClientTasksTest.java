package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class ClientTasksTest {
  private final List<Thread> ran = new ArrayList<>();
  private final Runnable task = () -> ran.add(Thread.currentThread());

  @Test
  void tasksRunInTheCallingThreadWithoutTls() {
    new ClientTasks(_ -> fail("passed on")).execute(task);

    assertEquals(List.of(Thread.currentThread()), ran);
  }

  @Test
  void tasksRunOnOtherThreadsWithTls() {
    List<Runnable> passedOn = new ArrayList<>();
    ClientTasks tasks = new ClientTasks(passedOn::add);
    tasks.useThreads();

    tasks.execute(task);

    assertSame(task, passedOn.getFirst());
    assertEquals(List.of(), ran);
  }

  @Test
  void tasksRunInTheCallingThreadIfTheSystemPermitsNoOther() {
    Executor full =
        _ -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    ClientTasks tasks = new ClientTasks(full);
    tasks.useThreads();

    tasks.execute(task);

    assertEquals(List.of(Thread.currentThread()), ran);
  }
}
