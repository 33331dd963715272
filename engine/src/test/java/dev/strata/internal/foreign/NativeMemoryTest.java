package dev.strata.internal.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds leave no memory outside the heap, as counted by the JVM. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NativeMemoryTest {
  private static final int BUILDS = 1_000;
  private static final long SLAB_KIB = 256;

  @TempDir private Path directory;

  @Test
  void aThousandBuildsInOneJvmLeaveNone() throws IOException, InterruptedException {
    Files.write(directory.resolve("a"), new byte[300_000]);
    Files.write(directory.resolve("b"), new byte[10]);
    List<String> command =
        new ArrayList<>(Tools.java(Builds.class, "-XX:NativeMemoryTracking=summary"));
    command.add(directory.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = Tools.read(process.getInputStream());
    assertEquals(0, process.waitFor(), output);
    Matcher m = Pattern.compile("direct (\\d+) other (\\d+) then (\\d+)").matcher(output);
    assertTrue(m.find(), output);
    // The first slab of a build remains for the next one.
    assertTrue(Long.parseLong(m.group(1)) < 300_000, output);
    long growth = Long.parseLong(m.group(3)) - Long.parseLong(m.group(2));
    assertTrue(growth < SLAB_KIB, output);
  }

  /** The program that builds. */
  static final class Builds {
    private Builds() {}

    /** Builds, and prints what memory is left. */
    public static void main(String[] args) throws JMException {
      List<LayerPath> paths =
          List.of(new LayerPath(args[0] + "/a", null), new LayerPath(args[0] + "/b", null));
      List<List<LayerPath>> plan = List.of(paths, List.of(paths.getFirst()));
      System.setProperty("strata.files", "native");
      build(plan, BUILDS / 10);
      long before = otherKib();
      build(plan, BUILDS);
      System.out.println("direct " + direct() + " other " + before + " then " + otherKib());
    }

    private static void build(List<List<LayerPath>> plan, int times) {
      for (int i = 0; i < times; i++) {
        LayerBuilder.create().withJobs(2).build(plan);
      }
    }

    private static long direct() {
      return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .mapToLong(BufferPoolMXBean::getMemoryUsed)
          .sum();
    }

    /** Returns what NMT calls Other: all memory that Java code allocates outside the heap. */
    private static long otherKib() throws JMException {
      String summary =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "vmNativeMemory",
                      new Object[] {new String[] {"summary"}},
                      new String[] {String[].class.getName()});
      Matcher m = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB").matcher(summary);
      return m.find() ? Long.parseLong(m.group(1)) : 0;
    }
  }
}
