package dev.strata.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ForwardingProgressTest {
  private static Object argument(Class<?> type) {
    return switch (type.getName()) {
      case "int" -> 3;
      case "long" -> 4L;
      case "java.lang.String" -> "text";
      default -> new Descriptor(MediaTypes.LAYER, Digest.of(new byte[0]), 0);
    };
  }

  @Test
  void forwardsEveryEvent() throws ReflectiveOperationException {
    List<String> received = new ArrayList<>();
    Progress target =
        (Progress)
            Proxy.newProxyInstance(
                Progress.class.getClassLoader(),
                new Class<?>[] {Progress.class},
                (_, method, arguments) -> {
                  received.add(
                      method.getName() + (arguments == null ? List.of() : List.of(arguments)));
                  return method.getReturnType() == boolean.class ? true : null;
                });
    Progress forwarding = new ForwardingProgress(target) {};
    TreeSet<String> expected = new TreeSet<>();

    for (Method method : Progress.class.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = argument(method.getParameterTypes()[i]);
      }
      expected.add(method.getName() + List.of(arguments));
      Object result = method.invoke(forwarding, arguments);
      assertTrue(method.getReturnType() == void.class || Boolean.TRUE.equals(result));
    }

    assertEquals(expected, new TreeSet<>(received));
    assertEquals(expected.size(), received.size());
  }
}
