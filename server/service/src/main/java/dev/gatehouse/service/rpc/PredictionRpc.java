package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.v1.DescribeRequest;
import dev.gatehouse.proto.v1.DescribeResponse;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.rows.ImageRow;
import io.grpc.stub.StreamObserver;

/** {@code gatehouse.v1.PredictionService}. */
final class PredictionRpc extends PredictionServiceGrpc.PredictionServiceImplBase {
  private final Repository repository;

  PredictionRpc(Repository repository) {
    this.repository = repository;
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> observer) {
    Answers.answer(observer, () -> predict(request));
  }

  @Override
  public void describe(DescribeRequest request, StreamObserver<DescribeResponse> observer) {
    Answers.answer(observer, () -> describe(request));
  }

  private DescribeResponse describe(DescribeRequest request) {
    try (Lease lease = repository.borrowAsNamed(request.getModel(), request.getVersion())) {
      ServedModel served = lease.served();
      Manifest manifest = served.model().manifest();
      return DescribeResponse.newBuilder()
          .setModel(served.name())
          .setVersion(served.version())
          .setInput(InputMessage.of(manifest.input()))
          .addAllClasses(manifest.classes())
          .build();
    }
  }

  private PredictResponse predict(PredictRequest request) {
    try (Lease lease = repository.borrowAsNamed(request.getModel(), request.getVersion())) {
      ServedModel served = lease.served();
      Manifest manifest = served.model().manifest();
      Prediction prediction = served.model().predict(rows(request, manifest.input()));
      return response(served, prediction, request.getRouting());
    }
  }

  private static Rows rows(PredictRequest request, InputSpec input) {
    RowReader reader = new RowReader(input);
    return switch (request.getRowsCase()) {
      case IMAGES -> {
        int count = reader.requireRows(request.getImages().getEncodedCount());
        yield Rows.ofUint8(
            count, new Images(new ImageRow(input)).decode(request.getImages().getEncodedList()));
      }
      case TENSOR -> tensor(reader, request.getTensor());
      case ROWS_NOT_SET -> throw new BadInput("the request has neither images nor a tensor");
    };
  }

  private static Rows tensor(RowReader reader, Tensor tensor) {
    int count = reader.requireRows(tensor.getRows());
    return switch (tensor.getValuesCase()) {
      case UINT8 -> reader.raw(count, reader.requireDatatype("UINT8"), tensor.getUint8());
      case FP32 -> reader.raw(count, Datatype.FP32, tensor.getFp32());
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
    for (int i = row * routing.k(); i < (row + 1) * routing.k(); i++) {
      answer.addExpertIndices(routing.expertIndices()[i]);
      answer.addExpertWeights(routing.expertWeights()[i]);
    }
    return answer.build();
  }
}
