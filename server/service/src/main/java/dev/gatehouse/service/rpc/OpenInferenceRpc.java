package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelMetadataRequest;
import dev.gatehouse.proto.oip.ModelMetadataResponse;
import dev.gatehouse.proto.oip.ModelReadyRequest;
import dev.gatehouse.proto.oip.ModelReadyResponse;
import dev.gatehouse.proto.oip.ServerLiveRequest;
import dev.gatehouse.proto.oip.ServerLiveResponse;
import dev.gatehouse.proto.oip.ServerMetadataRequest;
import dev.gatehouse.proto.oip.ServerMetadataResponse;
import dev.gatehouse.proto.oip.ServerReadyRequest;
import dev.gatehouse.proto.oip.ServerReadyResponse;
import dev.gatehouse.service.repository.Draining;
import dev.gatehouse.service.repository.Lease;
import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * {@code inference.GRPCInferenceService}, version 2 of the Open Inference Protocol, but for {@link
 * ModelInfer}.
 */
final class OpenInferenceRpc extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  private static final String SERVER = "gatehouse";

  /** Raw contents, and the gate's outputs on request. */
  private static final List<String> EXTENSIONS = List.of("binary_tensor_data", "gatehouse_routing");

  private final NamedModels models;
  private final Repository repository;
  private final String serverVersion;
  private final BooleanSupplier ready;

  OpenInferenceRpc(Repository repository, String serverVersion, BooleanSupplier ready) {
    this.models = new NamedModels(repository);
    this.repository = repository;
    this.serverVersion = serverVersion;
    this.ready = ready;
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
    Answers.answer(observer, () -> ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
    Answers.answer(
        observer, () -> ServerReadyResponse.newBuilder().setReady(ready.getAsBoolean()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
    Answers.answer(
        observer,
        () -> {
          models.borrow(request.getName(), request.getVersion()).close();
          if (!ready.getAsBoolean()) {
            throw new Draining();
          }
          return ModelReadyResponse.newBuilder().setReady(true).build();
        });
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
    Answers.answer(
        observer,
        () ->
            ServerMetadataResponse.newBuilder()
                .setName(SERVER)
                .setVersion(serverVersion)
                .addAllExtensions(EXTENSIONS)
                .build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
    Answers.answer(
        observer,
        () -> {
          try (Lease lease = models.borrow(request.getName(), request.getVersion())) {
            ServedModel served = lease.served();
            return new ModelDescription(served.model().manifest())
                .metadata(repository.versions(served.name()));
          }
        });
  }
}
