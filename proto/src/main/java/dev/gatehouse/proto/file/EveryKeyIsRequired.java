package dev.gatehouse.proto.file;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/** A key may be missing where the record says so; Jackson alone knows all or none. */
final class EveryKeyIsRequired extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    if (!(member instanceof AnnotatedParameter)) {
      return super.hasRequiredMarker(config, member);
    }
    JsonProperty marker = _findAnnotation(member, JsonProperty.class);
    return marker == null || marker.isRequired() != OptBoolean.FALSE;
  }
}
