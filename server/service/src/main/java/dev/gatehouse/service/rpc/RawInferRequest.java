package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferRequest.InferInputTensor;
import dev.gatehouse.proto.oip.ModelInferRequest.InferRequestedOutputTensor;
import dev.gatehouse.service.rpc.wire.ReceivedBytes;
import dev.gatehouse.service.rpc.wire.WireReader;
import dev.gatehouse.service.rpc.wire.WireReader.Unusual;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request that nearly every caller sends: one input in raw form, no parameters. Its values stay
 * in the bytes that came from the network until the engine reads them.
 *
 * @param modelName the model that is asked
 * @param modelVersion its version; empty for the highest
 * @param id the caller's name for the request
 * @param inputName name of the input
 * @param datatype its element type
 * @param shape its shape
 * @param outputNames outputs that are asked for; empty for the default ones
 * @param raw the input's values, little-endian
 * @param received what {@code raw} is a part of
 */
record RawInferRequest(
    String modelName,
    String modelVersion,
    String id,
    String inputName,
    String datatype,
    List<Long> shape,
    List<String> outputNames,
    ByteBuffer raw,
    ReceivedBytes received)
    implements InferRequest {

  /** Reads such a request; null for any other, which is {@link FullInferRequest}'s. */
  static @Nullable RawInferRequest read(ReceivedBytes received) {
    try {
      return new Parser(received).read();
    } catch (Unusual e) {
      return null;
    }
  }

  @Override
  public List<InferOutput> outputs() {
    return InferOutput.named(outputNames);
  }

  @Override
  public RowSource rows(InputSpec input) {
    RowReader reader = new RowReader(input);
    reader.requireName(inputName);
    var type = reader.requireDatatype(datatype);
    return reader.raw(reader.requireRows(reader.batch(shape)), type, raw);
  }

  @Override
  public boolean isRaw() {
    return true;
  }

  @Override
  public void release() {
    received.close();
  }

  /** Of a field that comes more than once the last one holds, as Protocol Buffers has it. */
  private static final class Parser {
    private static final int MODEL_NAME = text(ModelInferRequest.MODEL_NAME_FIELD_NUMBER);
    private static final int MODEL_VERSION = text(ModelInferRequest.MODEL_VERSION_FIELD_NUMBER);
    private static final int ID = text(ModelInferRequest.ID_FIELD_NUMBER);
    private static final int INPUT = text(ModelInferRequest.INPUTS_FIELD_NUMBER);
    private static final int OUTPUT = text(ModelInferRequest.OUTPUTS_FIELD_NUMBER);
    private static final int RAW = text(ModelInferRequest.RAW_INPUT_CONTENTS_FIELD_NUMBER);
    private static final int INPUT_NAME = text(InferInputTensor.NAME_FIELD_NUMBER);
    private static final int DATATYPE = text(InferInputTensor.DATATYPE_FIELD_NUMBER);
    private static final int SHAPE = text(InferInputTensor.SHAPE_FIELD_NUMBER);
    private static final int DIMENSION =
        InferInputTensor.SHAPE_FIELD_NUMBER << 3 | WireReader.VARINT;
    private static final int OUTPUT_NAME = text(InferRequestedOutputTensor.NAME_FIELD_NUMBER);

    /** More dimensions, or outputs, than any request of a model's has. */
    private static final int MOST_ENTRIES = 64;

    private final ReceivedBytes received;
    private final List<Long> shape = new ArrayList<>(4);
    private final List<String> outputs = new ArrayList<>(0);
    private String modelName = "";
    private String modelVersion = "";
    private String id = "";
    private String inputName = "";
    private String datatype = "";
    private boolean hasInput;
    private @Nullable ByteBuffer raw;

    Parser(ReceivedBytes received) {
      this.received = received;
    }

    private static int text(int field) {
      return field << 3 | WireReader.LENGTH;
    }

    RawInferRequest read() throws Unusual {
      ByteBuffer bytes = received.bytes();
      WireReader reader = new WireReader(bytes, bytes.position(), bytes.limit());
      while (reader.hasMore()) {
        field(reader, reader.key());
      }
      if (raw == null || !hasInput) {
        throw new Unusual("no raw input");
      }
      return new RawInferRequest(
          modelName, modelVersion, id, inputName, datatype, shape, outputs, raw, received);
    }

    private void field(WireReader reader, int key) throws Unusual {
      if (key == MODEL_NAME) {
        modelName = reader.ascii();
      } else if (key == MODEL_VERSION) {
        modelVersion = reader.ascii();
      } else if (key == ID) {
        id = reader.ascii();
      } else if (key == INPUT) {
        require(!hasInput);
        hasInput = true;
        input(reader.nested());
      } else if (key == OUTPUT) {
        add(outputs, output(reader.nested()));
      } else if (key == RAW) {
        require(raw == null);
        raw = reader.slice();
      } else {
        require(key >>> 3 > ModelInferRequest.RAW_INPUT_CONTENTS_FIELD_NUMBER);
        reader.skip(key);
      }
    }

    private void input(WireReader reader) throws Unusual {
      while (reader.hasMore()) {
        int key = reader.key();
        if (key == INPUT_NAME) {
          inputName = reader.ascii();
        } else if (key == DATATYPE) {
          datatype = reader.ascii();
        } else if (key == SHAPE) {
          for (WireReader packed = reader.nested(); packed.hasMore(); ) {
            add(shape, packed.varint());
          }
        } else if (key == DIMENSION) {
          add(shape, reader.varint());
        } else {
          require(key >>> 3 > InferInputTensor.CONTENTS_FIELD_NUMBER);
          reader.skip(key);
        }
      }
    }

    private static String output(WireReader reader) throws Unusual {
      String name = "";
      while (reader.hasMore()) {
        int key = reader.key();
        if (key == OUTPUT_NAME) {
          name = reader.ascii();
        } else {
          require(key >>> 3 > InferRequestedOutputTensor.PARAMETERS_FIELD_NUMBER);
          reader.skip(key);
        }
      }
      return name;
    }

    /** Each entry is an object where the message may have two bytes. */
    private static <T> void add(List<T> entries, T entry) throws Unusual {
      require(entries.size() < MOST_ENTRIES);
      entries.add(entry);
    }

    private static void require(boolean usual) throws Unusual {
      if (!usual) {
        throw new Unusual("parameters, contents, or more than one of what comes once");
      }
    }
  }
}
