package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.v1.DescribeRequest;
import dev.gatehouse.proto.v1.DescribeResponse;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import io.grpc.stub.StreamObserver;

/** {@code gatehouse.v1.PredictionService}, but for {@link Predict}. */
final class PredictionRpc extends PredictionServiceGrpc.PredictionServiceImplBase {
  private final Repository repository;

  PredictionRpc(Repository repository) {
    this.repository = repository;
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
}
