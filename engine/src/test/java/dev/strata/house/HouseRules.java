package dev.strata.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The rules that the packages of Strata keep. */
public final class HouseRules {
  /** Members of the JDK that change or end the host's JVM, or write to its streams. */
  private static final Set<String> HOST =
      Set.of(
          "java.lang.System.exit",
          "java.lang.System.out",
          "java.lang.System.err",
          "java.lang.System.setOut",
          "java.lang.System.setErr",
          "java.lang.System.setProperty",
          "java.lang.System.setProperties",
          "java.lang.System.clearProperty",
          "java.lang.Runtime.exit",
          "java.lang.Runtime.halt",
          "java.lang.Runtime.addShutdownHook",
          "java.io.File.deleteOnExit");

  private HouseRules() {}

  /**
   * Every class is in one of the rooms, and uses only its own room and those on floors before it.
   */
  public static ArchRule roomsUseOnlyRoomsAbove(Rooms rooms) {
    return classes()
        .should(
            new ArchCondition<JavaClass>("use only rooms above their own") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                checkRoom(rooms, type, events);
              }
            });
  }

  /** No two packages use each other, directly or by way of others. */
  public static ArchRule packagesHaveNoCircles() {
    return slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles();
  }

  /**
   * No public type outside of a package mentions a type of that package, or of one inside it, in
   * what users of the type see: its supertypes, type parameters, and the public and protected
   * methods, constructors and fields that it declares or inherits.
   *
   * @param internalPackage the name of the package that users do not see
   */
  public static ArchRule publicTypesLeakNothingOf(String internalPackage) {
    return classes()
        .that(
            new DescribedPredicate<JavaClass>("are public and outside of " + internalPackage) {
              @Override
              public boolean test(JavaClass type) {
                return isVisible(type) && !isIn(type, internalPackage);
              }
            })
        .should(
            new ArchCondition<JavaClass>("mention no type of " + internalPackage) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                checkSignatures(type, internalPackage, events);
              }
            });
  }

  /** No class uses a package, or one inside it. */
  public static ArchRule nobodyUses(String internalPackage) {
    return classes()
        .should(
            new ArchCondition<JavaClass>("not use " + internalPackage) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                reportUses(
                    type, target -> isIn(target, internalPackage), ", which is internal", events);
              }
            });
  }

  /** No class ends the JVM, writes to its standard streams, or leaves something behind in it. */
  public static ArchRule theHostIsLeftAlone() {
    return classes()
        .should(
            new ArchCondition<JavaClass>("leave the host's JVM as it is") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                  if (HOST.contains(
                      access.getTargetOwner().getFullName() + "." + access.getTarget().getName())) {
                    events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                  }
                }
              }
            });
  }

  private static void checkRoom(Rooms rooms, JavaClass type, ConditionEvents events) {
    int floor = rooms.floorOf(type.getPackageName());
    if (floor < 0) {
      events.add(
          SimpleConditionEvent.violated(
              type, type.getName() + " is in a package that Rooms does not list"));
      return;
    }
    reportUses(
        type,
        target ->
            rooms.contain(target.getPackageName())
                && !target.getPackageName().equals(type.getPackageName())
                && rooms.floorOf(target.getPackageName()) >= floor,
        ", which is not in a room above",
        events);
  }

  /** Reports the used classes that break a rule, each in one line, however often it is used. */
  private static void reportUses(
      JavaClass type, Predicate<JavaClass> wrong, String why, ConditionEvents events) {
    Map<String, Dependency> uses = new TreeMap<>();
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      JavaClass target = dependency.getTargetClass().getBaseComponentType();
      if (wrong.test(target)) {
        uses.putIfAbsent(target.getName(), dependency);
      }
    }
    uses.forEach((target, dependency) ->
        events.add(
            SimpleConditionEvent.violated(
                type,
                type.getName() + " uses " + target + why + ": " + dependency.getDescription())));
  }

  private static void checkSignatures(
      JavaClass type, String internalPackage, ConditionEvents events) {
    Set<JavaType> declared = new LinkedHashSet<>(type.getInterfaces());
    type.getSuperclass().ifPresent(declared::add);
    for (JavaTypeVariable<JavaClass> parameter : type.getTypeParameters()) {
      declared.addAll(parameter.getUpperBounds());
    }
    report(type, "the declaration of " + type.getName(), declared, internalPackage, events);

    for (JavaMember member : type.getAllMembers()) {
      // What a public type inherits from one that is not public belongs to its own API.
      if (!isSeen(member)
          || (!member.getOwner().equals(type) && isVisible(member.getOwner()))
          || member.getModifiers().contains(JavaModifier.SYNTHETIC)) {
        continue;
      }
      Set<JavaType> mentioned = new LinkedHashSet<>();
      if (member instanceof JavaCodeUnit unit) {
        mentioned.add(unit.getReturnType());
        mentioned.addAll(unit.getParameterTypes());
        mentioned.addAll(unit.getExceptionTypes());
        for (JavaTypeVariable<?> parameter : unit.getTypeParameters()) {
          mentioned.addAll(parameter.getUpperBounds());
        }
      } else if (member instanceof JavaField field) {
        mentioned.add(field.getType());
      }
      report(type, member.getFullName(), mentioned, internalPackage, events);
    }
  }

  private static void report(
      JavaClass type,
      String where,
      Set<JavaType> mentioned,
      String internalPackage,
      ConditionEvents events) {
    Set<String> internal = new LinkedHashSet<>();
    for (JavaType each : mentioned) {
      for (JavaClass raw : each.getAllInvolvedRawTypes()) {
        if (isIn(raw.getBaseComponentType(), internalPackage)) {
          internal.add(raw.getBaseComponentType().getName());
        }
      }
    }
    for (String name : internal) {
      events.add(SimpleConditionEvent.violated(type, where + " mentions " + name));
    }
  }

  private static boolean isSeen(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  /** Returns whether a type and those that it is nested in are public or protected. */
  private static boolean isVisible(JavaClass type) {
    boolean visible =
        type.getModifiers().contains(JavaModifier.PUBLIC)
            || type.getModifiers().contains(JavaModifier.PROTECTED);
    return visible && type.getEnclosingClass().map(HouseRules::isVisible).orElse(true);
  }

  private static boolean isIn(JavaClass type, String packageName) {
    return type.getPackageName().equals(packageName)
        || type.getPackageName().startsWith(packageName + ".");
  }
}
