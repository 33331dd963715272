package dev.strata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a part of a test as an unprivileged user, even if the tests run as root. */
public final class OrdinaryUser {
  /** The user "nobody" on most systems; any id except 0 would work. */
  private static final int NOBODY = 65_534;

  private OrdinaryUser() {}

  /**
   * Runs work on a thread that accesses files as an unprivileged user (setfsuid(2), which is
   * inherited by the threads it starts). If the tests do not run as root, just runs the work.
   *
   * @param folder a directory whose files are given to that user
   * @param work the work
   */
  public static void run(Path folder, Runnable work) {
    if (!Tools.isRoot()) {
      work.run();
      return;
    }
    giveAway(folder);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((_, e) -> failure.set(e))
            .start(() -> {
              becomeNobody();
              work.run();
            });
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    switch (failure.get()) {
      case null -> {}
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private static void giveAway(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setAttribute(file, "unix:uid", NOBODY, java.nio.file.LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("restricted") // Calls libc.
  private static void becomeNobody() {
    Linker linker = Linker.nativeLinker();
    MethodHandle setfsuid =
        linker.downcallHandle(
            linker.defaultLookup().find("setfsuid").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int ignored = (int) setfsuid.invokeExact(NOBODY);
      // The result is the previous user: the second call returns the user set by the first.
      assertEquals(NOBODY, (int) setfsuid.invokeExact(NOBODY), "root before: " + ignored);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
