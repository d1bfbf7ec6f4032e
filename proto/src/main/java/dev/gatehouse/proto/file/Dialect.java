package dev.gatehouse.proto.file;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * How records and enums look in JSON, where Jackson alone has no words for it.
 *
 * <p>The name of an enum's constant is in lower case, that of the root locale: Jackson would ask
 * the machine's own, and in Turkish {@code UINT8} would become something else.
 *
 * <p>A key may be missing where the record says so; Jackson alone knows all or none. And its value
 * may be null there, or where the record's component is {@link Nullable}: Jackson alone would pass
 * null on to whoever reads it first. The same goes for the values in lists and maps.
 */
final class Dialect extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    if (!(member instanceof AnnotatedParameter)) {
      return super.hasRequiredMarker(config, member);
    }
    return isRequired(member);
  }

  @Override
  public String[] findEnumValues(
      MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
    @Nullable String[] found = super.findEnumValues(config, type, constants, names);
    for (int i = 0; i < constants.length; i++) {
      if (found[i] == null) {
        names[i] = constants[i].name().toLowerCase(Locale.ROOT);
      }
    }
    return names;
  }

  private boolean isRequired(Annotated member) {
    JsonProperty marker = _findAnnotation(member, JsonProperty.class);
    return marker == null || marker.isRequired() != OptBoolean.FALSE;
  }

  @Override
  public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated member) {
    if (!(member instanceof AnnotatedParameter parameter)
        || !parameter.getDeclaringClass().isRecord()) {
      return super.findSetterInfo(config, member);
    }
    RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
    // Another constructor than the canonical one says nothing of the components.
    if (parameter.getOwner().getParameterCount() != components.length) {
      return super.findSetterInfo(config, member);
    }
    AnnotatedType type = components[parameter.getIndex()].getAnnotatedType();
    return JsonSetter.Value.construct(
        isRequired(member) && !isNullable(type) ? Nulls.FAIL : Nulls.SET, content(type));
  }

  /** What becomes of a null among the values of a list, an array or a map. */
  private static Nulls content(AnnotatedType type) {
    AnnotatedType content = null;
    if (type instanceof AnnotatedArrayType array) {
      content = array.getAnnotatedGenericComponentType();
    } else if (type instanceof AnnotatedParameterizedType generic) {
      AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
      content = arguments[arguments.length - 1];
    }
    // A map of any objects holds what somebody else wrote.
    return content == null || content.getType() == Object.class || isNullable(content)
        ? Nulls.SET
        : Nulls.FAIL;
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }
}
