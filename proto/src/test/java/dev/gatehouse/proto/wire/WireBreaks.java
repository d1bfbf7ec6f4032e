package dev.gatehouse.proto.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a client or server built against older schemas would trip over in newer ones: on the wire,
 * in JSON, or in the generated Java classes. Whatever was there must be there under its name and
 * number, with its type, cardinality and oneof; what was reserved stays reserved. Additions are no
 * breaks.
 */
final class WireBreaks {
  private final List<String> found = new ArrayList<>();

  private WireBreaks() {}

  /** One line for each break, in the order of the older schemas; empty when there is none. */
  static List<String> between(FileDescriptorSet older, FileDescriptorSet newer) {
    WireBreaks breaks = new WireBreaks();
    breaks.kept(
        "file ",
        older.getFileList(),
        newer.getFileList(),
        FileDescriptorProto::getName,
        breaks::file);
    return List.copyOf(breaks.found);
  }

  private void file(FileDescriptorProto older, FileDescriptorProto newer) {
    String name = older.getName();
    same(name, "package", older, newer, FileDescriptorProto::getPackage);
    same(name, "syntax", older, newer, FileDescriptorProto::getSyntax);
    same(name, "edition", older, newer, FileDescriptorProto::getEdition);
    same(name, "java_package", older, newer, f -> f.getOptions().getJavaPackage());
    same(name, "java_outer_classname", older, newer, f -> f.getOptions().getJavaOuterClassname());
    same(name, "java_multiple_files", older, newer, f -> f.getOptions().getJavaMultipleFiles());
    String in = older.getPackage() + ".";
    messages(in, older.getMessageTypeList(), newer.getMessageTypeList());
    enums(in, older.getEnumTypeList(), newer.getEnumTypeList());
    kept(
        "service " + in,
        older.getServiceList(),
        newer.getServiceList(),
        ServiceDescriptorProto::getName,
        (a, b) -> service(in + a.getName(), a, b));
  }

  private void messages(String in, List<DescriptorProto> older, List<DescriptorProto> newer) {
    kept(
        "message " + in,
        older,
        newer,
        DescriptorProto::getName,
        (a, b) -> message(in + a.getName(), a, b));
  }

  private void message(String name, DescriptorProto older, DescriptorProto newer) {
    String in = name + ".";
    kept(
        "field " + in,
        older.getFieldList(),
        newer.getFieldList(),
        FieldDescriptorProto::getName,
        (a, b) -> {
          field(in + a.getName(), a, b);
          same(in + a.getName(), "oneof", oneof(older, a), oneof(newer, b), Function.identity());
        });
    messages(in, older.getNestedTypeList(), newer.getNestedTypeList());
    enums(in, older.getEnumTypeList(), newer.getEnumTypeList());
    reservedNumbers(
        name,
        map(older.getReservedRangeList(), r -> new Numbers(r.getStart(), r.getEnd() - 1)),
        map(newer.getReservedRangeList(), r -> new Numbers(r.getStart(), r.getEnd() - 1)));
    reservedNames(name, older.getReservedNameList(), newer.getReservedNameList());
  }

  private void field(String name, FieldDescriptorProto older, FieldDescriptorProto newer) {
    same(name, "number", older, newer, FieldDescriptorProto::getNumber);
    same(name, "type", older, newer, FieldDescriptorProto::getType);
    same(name, "message or enum", older, newer, FieldDescriptorProto::getTypeName);
    same(name, "cardinality", older, newer, FieldDescriptorProto::getLabel);
    same(name, "presence", older, newer, FieldDescriptorProto::getProto3Optional);
    same(name, "JSON name", older, newer, FieldDescriptorProto::getJsonName);
  }

  private static String oneof(DescriptorProto message, FieldDescriptorProto field) {
    return field.hasOneofIndex() ? message.getOneofDecl(field.getOneofIndex()).getName() : "none";
  }

  private void enums(String in, List<EnumDescriptorProto> older, List<EnumDescriptorProto> newer) {
    kept(
        "enum " + in,
        older,
        newer,
        EnumDescriptorProto::getName,
        (a, b) -> enumeration(in + a.getName(), a, b));
  }

  private void enumeration(String name, EnumDescriptorProto older, EnumDescriptorProto newer) {
    String in = name + ".";
    kept(
        "value " + in,
        older.getValueList(),
        newer.getValueList(),
        EnumValueDescriptorProto::getName,
        (a, b) -> same(in + a.getName(), "number", a, b, EnumValueDescriptorProto::getNumber));
    reservedNumbers(
        name,
        map(older.getReservedRangeList(), r -> new Numbers(r.getStart(), r.getEnd())),
        map(newer.getReservedRangeList(), r -> new Numbers(r.getStart(), r.getEnd())));
    reservedNames(name, older.getReservedNameList(), newer.getReservedNameList());
  }

  private void service(String name, ServiceDescriptorProto older, ServiceDescriptorProto newer) {
    kept(
        "method " + name + ".",
        older.getMethodList(),
        newer.getMethodList(),
        MethodDescriptorProto::getName,
        (a, b) -> method(name + "." + a.getName(), a, b));
  }

  private void method(String name, MethodDescriptorProto older, MethodDescriptorProto newer) {
    same(name, "request", older, newer, MethodDescriptorProto::getInputType);
    same(name, "response", older, newer, MethodDescriptorProto::getOutputType);
    same(name, "client streaming", older, newer, MethodDescriptorProto::getClientStreaming);
    same(name, "server streaming", older, newer, MethodDescriptorProto::getServerStreaming);
  }

  // --- the rules ------------------------------------------------------------------------------

  /** Whatever the older list names is in the newer one, and {@code compare} looks at the pair. */
  private <T> void kept(
      String what,
      List<T> older,
      List<T> newer,
      Function<T, String> name,
      BiConsumer<T, T> compare) {
    Map<String, T> known = newer.stream().collect(Collectors.toMap(name, Function.identity()));
    for (T each : older) {
      T other = known.get(name.apply(each));
      if (other == null) {
        found.add(what + name.apply(each) + " is gone");
      } else {
        compare.accept(each, other);
      }
    }
  }

  private <T> void same(
      String where, String what, T older, T newer, Function<? super T, ?> property) {
    Object a = property.apply(older);
    Object b = property.apply(newer);
    if (!Objects.equals(a, b)) {
      found.add("%s: %s was %s and is %s".formatted(where, what, a, b));
    }
  }

  private void reservedNumbers(String name, List<Numbers> older, List<Numbers> newer) {
    older.stream()
        .filter(each -> newer.stream().noneMatch(other -> other.covers(each)))
        .forEach(each -> found.add(name + " no longer reserves " + each));
  }

  private void reservedNames(String name, List<String> older, List<String> newer) {
    older.stream()
        .filter(each -> !newer.contains(each))
        .forEach(each -> found.add(name + " no longer reserves " + each));
  }

  /** Numbers from {@code first} to {@code last}, both among them. */
  private record Numbers(int first, int last) {
    boolean covers(Numbers other) {
      return first <= other.first && other.last <= last;
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + " to " + last;
    }
  }

  private static <A, B> List<B> map(List<A> all, Function<A, B> each) {
    return all.stream().map(each).toList();
  }
}
