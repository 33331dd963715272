package dev.strata.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CpuVariantTest {
  private static final String V2 = " cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3";
  private static final String V3 = V2 + " abm avx avx2 bmi1 bmi2 f16c fma movbe xsave";
  private static final String V4 = V3 + " avx512f avx512bw avx512cd avx512dq avx512vl";

  private static String amd64(String flags) {
    return CpuVariant.of("amd64", "processor\t: 0\nflags\t\t: fpu lm" + flags + "\nbugs\t: x\n\n");
  }

  @Test
  void readsTheLevelOfAmd64() {
    assertEquals("v1", amd64(" sse2"));
    assertEquals("v2", amd64(V2));
    assertEquals("v3", amd64(V3));
    assertEquals("v4", amd64(V4));
    assertEquals("v2", amd64(V4.replace(" movbe", "")), "a level without all of its flags");
    assertEquals("", CpuVariant.of("amd64", "processor\t: 0\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "7, ARMv7 Processor rev 4 (v7l), v7",
    "7, ARMv6-compatible processor rev 7 (v6l), v6",
    "8, ARMv8 Processor rev 1 (v8l), v8",
    "AArch64, AArch64 Processor, v8",
    "6TEJ, ARM926EJ-S, v6",
    "5TE, ARM926EJ-S rev 5 (v5l), v5",
    "?(16), ARM, v7",
    "4T, ARM, ''",
  })
  void readsTheVariantOfArm(String architecture, String model, String variant) {
    String info = "model name\t: " + model + "\nCPU architecture: " + architecture + "\n";
    assertEquals(variant, CpuVariant.of("arm", info));
  }

  @Test
  void readsThisMachine() {
    assertTrue(CpuVariant.ofThisMachine().matches("(v[1-9])?"));
  }
}
