package dev.gatehouse.proto.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.TextFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireBreaksTest {
  /** A schema with everything in it that can break. */
  private static final FileDescriptorProto OLDER =
      parse(
          """
      name: "p/a.proto" package: "p" syntax: "proto3"
      options { java_package: "me.p" java_outer_classname: "AProto" java_multiple_files: true }
      message_type {
        name: "Question"
        field { name: "id" number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL }
        field { name: "rows" number: 2 type: TYPE_FLOAT label: LABEL_REPEATED }
        field { name: "text" number: 3 type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0 }
        field { name: "raw" number: 4 type: TYPE_BYTES label: LABEL_OPTIONAL oneof_index: 0 }
        field {
          name: "inner" number: 5 type: TYPE_MESSAGE type_name: ".p.Question.Inner"
          label: LABEL_OPTIONAL
        }
        oneof_decl { name: "body" }
        nested_type {
          name: "Inner"
          field { name: "depth" number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL }
        }
        enum_type { name: "Colour" value { name: "RED" number: 0 } }
        reserved_range { start: 8 end: 11 }
        reserved_name: "old"
      }
      message_type { name: "Answer" }
      enum_type {
        name: "Kind"
        value { name: "NONE" number: 0 }
        value { name: "SOME" number: 1 }
        reserved_range { start: 4 end: 6 }
        reserved_name: "MANY"
      }
      service {
        name: "Desk"
        method { name: "Ask" input_type: ".p.Question" output_type: ".p.Answer" }
      }
      """);

  private static FileDescriptorProto parse(String text) {
    try {
      return TextFormat.parse(text, FileDescriptorProto.class);
    } catch (TextFormat.ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One change of the schema, and what is to be said of it; nothing where it breaks nothing. */
  private record Change(String said, Consumer<FileDescriptorProto.Builder> change) {
    @Override
    public String toString() {
      return said;
    }
  }

  private static Change file(String said, Consumer<FileDescriptorProto.Builder> change) {
    return new Change(said, change);
  }

  private static Change question(String said, Consumer<DescriptorProto.Builder> change) {
    return file(said, file -> change.accept(file.getMessageTypeBuilder(0)));
  }

  private static Change field(
      String said, int index, Consumer<FieldDescriptorProto.Builder> change) {
    return question(said, message -> change.accept(message.getFieldBuilder(index)));
  }

  static Stream<Change> breaks() {
    return Stream.of(
        file("file p/a.proto is gone", f -> f.setName("p/b.proto")),
        file("p/a.proto: package was p and is q", f -> f.setPackage("q")),
        file("p/a.proto: syntax was proto3 and is editions", f -> f.setSyntax("editions")),
        file(
            "p/a.proto: java_package was me.p and is you.p",
            f -> f.getOptionsBuilder().setJavaPackage("you.p")),
        file(
            "p/a.proto: java_outer_classname was AProto and is BProto",
            f -> f.getOptionsBuilder().setJavaOuterClassname("BProto")),
        file(
            "p/a.proto: java_multiple_files was true and is false",
            f -> f.getOptionsBuilder().clearJavaMultipleFiles()),
        file("message p.Answer is gone", f -> f.removeMessageType(1)),
        question("message p.Question.Inner is gone", DescriptorProto.Builder::clearNestedType),
        question("enum p.Question.Colour is gone", DescriptorProto.Builder::clearEnumType),
        question(
            "field p.Question.Inner.depth is gone", m -> m.getNestedTypeBuilder(0).clearField()),
        question("field p.Question.id is gone", m -> m.removeField(0)),
        field("field p.Question.id is gone", 0, f -> f.setName("identity")),
        field("p.Question.id: number was 1 and is 6", 0, f -> f.setNumber(6)),
        field(
            "p.Question.id: type was TYPE_INT32 and is TYPE_SINT32",
            0,
            f -> f.setType(FieldDescriptorProto.Type.TYPE_SINT32)),
        field(
            "p.Question.inner: message or enum was .p.Question.Inner and is .p.Answer",
            4,
            f -> f.setTypeName(".p.Answer")),
        field(
            "p.Question.rows: cardinality was LABEL_REPEATED and is LABEL_OPTIONAL",
            1,
            f -> f.setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)),
        field("p.Question.id: presence was false and is true", 0, f -> f.setProto3Optional(true)),
        field("p.Question.id: oneof was none and is body", 0, f -> f.setOneofIndex(0)),
        field("p.Question.raw: oneof was body and is none", 3, f -> f.clearOneofIndex()),
        field("p.Question.id: JSON name was  and is Id", 0, f -> f.setJsonName("Id")),
        question(
            "p.Question no longer reserves 8 to 10", DescriptorProto.Builder::clearReservedRange),
        question(
            "p.Question no longer reserves 8 to 10", m -> m.getReservedRangeBuilder(0).setStart(9)),
        question("p.Question no longer reserves old", DescriptorProto.Builder::clearReservedName),
        file("enum p.Kind is gone", FileDescriptorProto.Builder::clearEnumType),
        file("value p.Kind.SOME is gone", f -> f.getEnumTypeBuilder(0).removeValue(1)),
        file(
            "p.Kind.SOME: number was 1 and is 2",
            f -> f.getEnumTypeBuilder(0).getValueBuilder(1).setNumber(2)),
        file(
            "p.Kind no longer reserves 4 to 6",
            f -> f.getEnumTypeBuilder(0).getReservedRangeBuilder(0).setEnd(5)),
        file("p.Kind no longer reserves MANY", f -> f.getEnumTypeBuilder(0).clearReservedName()),
        file("service p.Desk is gone", FileDescriptorProto.Builder::clearService),
        file("method p.Desk.Ask is gone", f -> f.getServiceBuilder(0).clearMethod()),
        file(
            "p.Desk.Ask: request was .p.Question and is .p.Answer",
            f -> f.getServiceBuilder(0).getMethodBuilder(0).setInputType(".p.Answer")),
        file(
            "p.Desk.Ask: response was .p.Answer and is .p.Question",
            f -> f.getServiceBuilder(0).getMethodBuilder(0).setOutputType(".p.Question")),
        file(
            "p.Desk.Ask: client streaming was false and is true",
            f -> f.getServiceBuilder(0).getMethodBuilder(0).setClientStreaming(true)),
        file(
            "p.Desk.Ask: server streaming was false and is true",
            f -> f.getServiceBuilder(0).getMethodBuilder(0).setServerStreaming(true)));
  }

  static Stream<Change> additions() {
    return Stream.of(
        file("a message", f -> f.addMessageTypeBuilder().setName("More")),
        file("an enum", f -> f.addEnumTypeBuilder().setName("Size")),
        file("a service", f -> f.addServiceBuilder().setName("Other")),
        file("a method", f -> f.getServiceBuilder(0).addMethodBuilder().setName("Tell")),
        file("a value", f -> f.getEnumTypeBuilder(0).addValueBuilder().setName("FEW").setNumber(2)),
        question("a field", m -> m.addFieldBuilder().setName("more").setNumber(20)),
        question(
            "a field before the others", m -> m.addFieldBuilder(0).setName("more").setNumber(20)),
        question(
            "a field of the oneof",
            m -> m.addFieldBuilder().setName("more").setNumber(20).setOneofIndex(0)),
        question("a wider reservation", m -> m.getReservedRangeBuilder(0).setStart(7).setEnd(12)),
        question("a reserved name", m -> m.addReservedName("older")),
        question(
            "a deprecation", m -> m.getFieldBuilder(0).getOptionsBuilder().setDeprecated(true)));
  }

  private static FileDescriptorSet set(FileDescriptorProto file) {
    return FileDescriptorSet.newBuilder().addFile(file).build();
  }

  private static FileDescriptorSet changed(Change change) {
    FileDescriptorProto.Builder newer = OLDER.toBuilder();
    change.change().accept(newer);
    return set(newer.build());
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void shouldNameWhatBreaks(Change change) {
    assertThat(WireBreaks.between(set(OLDER), changed(change))).containsExactly(change.said());
  }

  @ParameterizedTest
  @MethodSource("additions")
  void shouldAllowWhatIsAdded(Change change) {
    assertThat(changed(change)).isNotEqualTo(set(OLDER));
    assertThat(WireBreaks.between(set(OLDER), changed(change))).isEmpty();
  }

  @Test
  void shouldNameEveryBreakOfOneChange() {
    FileDescriptorProto.Builder newer = OLDER.toBuilder();
    newer
        .getMessageTypeBuilder(0)
        .getFieldBuilder(0)
        .setNumber(6)
        .setType(FieldDescriptorProto.Type.TYPE_STRING);
    newer.clearService();

    assertThat(WireBreaks.between(set(OLDER), set(newer.build())))
        .containsExactly(
            "p.Question.id: number was 1 and is 6",
            "p.Question.id: type was TYPE_INT32 and is TYPE_STRING",
            "service p.Desk is gone");
  }
}
