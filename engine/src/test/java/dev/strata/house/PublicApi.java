package dev.strata.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The public API as text: each public type of the exported packages with its supertypes, and each
 * public or protected member, one a line, in a fixed order.
 */
final class PublicApi {
  private final List<String> lines = new ArrayList<>();

  private PublicApi() {}

  /** Lists the public types of the packages that do not start with a prefix. */
  static List<String> list(JavaClasses classes, String internalPackage) {
    PublicApi api = new PublicApi();
    TreeSet<String> names = new TreeSet<>();
    for (JavaClass type : classes) {
      if (!type.getPackageName().startsWith(internalPackage)) {
        names.add(type.getName());
      }
    }
    for (String name : names) {
      try {
        api.add(Class.forName(name, false, PublicApi.class.getClassLoader()));
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
    return api.lines;
  }

  private void add(Class<?> type) {
    if (!isVisible(type)) {
      return;
    }
    lines.add(declaration(type));
    TreeSet<String> members = new TreeSet<>();
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field)) {
        members.add(modifiers(field) + name(field.getGenericType()) + " " + field.getName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isVisible(constructor)) {
        members.add(modifiers(constructor) + "new" + signature(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isVisible(method) && !method.isSynthetic()) {
        members.add(
            modifiers(method)
                + parameters(method.getTypeParameters())
                + name(method.getGenericReturnType())
                + " "
                + method.getName()
                + signature(method));
      }
    }
    members.forEach(member -> lines.add("  " + member));
  }

  private static String declaration(Class<?> type) {
    String kind =
        type.isRecord()
            ? "record"
            : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
    int shown = Modifier.ABSTRACT | Modifier.FINAL | Modifier.STATIC | Modifier.PROTECTED;
    int modifiers = type.getModifiers() & shown;
    if (type.isInterface()) {
      modifiers &= ~(Modifier.ABSTRACT | Modifier.STATIC);
    }
    List<String> supertypes = new ArrayList<>();
    if (type.getGenericSuperclass() != null) {
      supertypes.add(name(type.getGenericSuperclass()));
    }
    for (Type each : type.getGenericInterfaces()) {
      supertypes.add(name(each));
    }
    supertypes.removeAll(List.of("java.lang.Object", "java.lang.Record"));
    String prefix = Modifier.toString(modifiers);
    return (prefix.isEmpty() ? "" : prefix + " ")
        + (type.isSealed() ? "sealed " : "")
        + kind
        + " "
        + type.getName()
        + parameters(type.getTypeParameters())
        + (supertypes.isEmpty() ? "" : " : " + String.join(", ", supertypes));
  }

  private static String signature(Executable executable) {
    String thrown =
        Arrays.stream(executable.getGenericExceptionTypes())
            .map(PublicApi::name)
            .collect(Collectors.joining(", "));
    return Arrays.stream(executable.getGenericParameterTypes())
            .map(PublicApi::name)
            .collect(Collectors.joining(", ", "(", ")"))
        + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String parameters(TypeVariable<?>[] parameters) {
    if (parameters.length == 0) {
      return "";
    }
    return Arrays.stream(parameters)
        .map(p ->
            p.getName()
                + Arrays.stream(p.getBounds())
                    .map(PublicApi::name)
                    .filter(bound -> !bound.equals("java.lang.Object"))
                    .collect(Collectors.joining(" & ", " extends ", ""))
                    .replaceFirst(" extends $", ""))
        .collect(Collectors.joining(", ", "<", "> "));
  }

  private static String modifiers(Member member) {
    int shown = Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;
    boolean inInterface = member.getDeclaringClass().isInterface();
    String modifiers = Modifier.toString(member.getModifiers() & shown);
    boolean isDefault = member instanceof Method method && method.isDefault();
    return (inInterface && isDefault ? "default " : "")
        + (modifiers.isEmpty() ? "" : modifiers + " ");
  }

  private static String name(Type type) {
    return type.getTypeName();
  }

  private static boolean isVisible(Member member) {
    return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }

  private static boolean isVisible(Class<?> type) {
    boolean visible = (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    Class<?> outer = type.getEnclosingClass();
    return visible && !type.isAnonymousClass() && (outer == null || isVisible(outer));
  }
}
