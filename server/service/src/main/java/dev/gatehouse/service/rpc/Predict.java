package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.pipeline.Tick;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.rows.ImageRow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code Predict} of {@code gatehouse.v1.PredictionService}. */
final class Predict implements Deferred.Service<Supplier<PredictRequest>, PredictResponse> {
  private final Repository repository;
  private final Decoding decoding;

  /**
   * Answers for the models of {@code repository}.
   *
   * @param decoding decodes images
   */
  Predict(Repository repository, Decoding decoding) {
    this.repository = repository;
    this.decoding = decoding;
  }

  @Override
  public void answer(Supplier<PredictRequest> received, Reply<PredictResponse> reply) {
    PredictRequest request = received.get();
    Lease lease = repository.borrowAsNamed(request.getModel(), request.getVersion());
    boolean handed = false;
    try {
      InputSpec input = lease.served().model().manifest().input();
      switch (request.getRowsCase()) {
        case TENSOR -> {
          RowSource rows = tensor(new RowReader(input), request.getTensor());
          handed = true;
          submit(rows, request.getRouting(), reply, lease, EventLoops.tick());
        }
        case IMAGES -> {
          decoding.submit(
              request.getImages().getEncodedCount(), () -> decoded(request, reply, lease));
          handed = true;
        }
        case ROWS_NOT_SET -> throw new BadInput("the request has neither images nor a tensor");
      }
    } finally {
      if (!handed) {
        lease.close();
      }
    }
  }

  private static void submit(
      RowSource rows,
      boolean withRouting,
      Reply<PredictResponse> reply,
      Lease lease,
      @Nullable Tick tick) {
    ServedModel served = lease.served();
    served
        .model()
        .submit(
            new ModelCall<>(
                rows,
                reply,
                lease,
                () -> {},
                prediction -> response(served, prediction, withRouting)),
            tick);
  }

  private static void decoded(PredictRequest request, Reply<PredictResponse> reply, Lease lease) {
    Rows rows;
    try {
      if (!reply.isWaiting()) {
        reply.drop();
        lease.close();
        return;
      }
      InputSpec input = lease.served().model().manifest().input();
      int count = new RowReader(input).requireRows(request.getImages().getEncodedCount());
      rows =
          Rows.ofUint8(
              count, new Images(new ImageRow(input)).decode(request.getImages().getEncodedList()));
    } catch (RuntimeException | Error e) {
      // An image library that a slim Java lacks is an error too.
      reply.fail(e);
      lease.close();
      return;
    }
    submit(rows, request.getRouting(), reply, lease, null);
  }

  private static RowSource tensor(RowReader reader, Tensor tensor) {
    int count = reader.requireRows(tensor.getRows());
    return switch (tensor.getValuesCase()) {
      case UINT8 ->
          reader.raw(
              count, reader.requireDatatype("UINT8"), tensor.getUint8().asReadOnlyByteBuffer());
      case FP32 -> reader.raw(count, Datatype.FP32, tensor.getFp32().asReadOnlyByteBuffer());
      case VALUES_NOT_SET -> throw new BadInput("the tensor has neither uint8 nor fp32 values");
    };
  }

  private static PredictResponse response(
      ServedModel served, Prediction prediction, boolean withRouting) {
    PredictResponse.Builder response =
        PredictResponse.newBuilder().setModel(served.name()).setVersion(served.version());
    for (int row = 0; row < prediction.rows(); row++) {
      int classIndex = prediction.classIndices()[row];
      var answer =
          response
              .addPredictionsBuilder()
              .setClassIndex(classIndex)
              .setClassName(served.model().manifest().classes().get(classIndex));
      for (int c = 0; c < prediction.classes(); c++) {
        answer.addProbabilities(prediction.probabilities()[row * prediction.classes() + c]);
      }
      if (withRouting) {
        answer.setRouting(routing(prediction.routing(), row));
      }
    }
    return response.build();
  }

  private static dev.gatehouse.proto.v1.Routing routing(Routing routing, int row) {
    var answer = dev.gatehouse.proto.v1.Routing.newBuilder();
    for (int e = 0; e < routing.experts(); e++) {
      answer.addGateProbabilities(routing.gateProbabilities()[row * routing.experts() + e]);
    }
    for (int i = 0; i < routing.count(row); i++) {
      answer.addExpertIndices(routing.expertIndices()[row * routing.k() + i]);
      answer.addExpertWeights(routing.expertWeights()[row * routing.k() + i]);
    }
    return answer.build();
  }
}
