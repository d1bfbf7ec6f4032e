package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.oip.ModelMetadataRequest;
import dev.gatehouse.proto.oip.ModelMetadataResponse;
import dev.gatehouse.proto.oip.ModelReadyRequest;
import dev.gatehouse.proto.oip.ServerLiveRequest;
import dev.gatehouse.proto.oip.ServerMetadataRequest;
import dev.gatehouse.proto.oip.ServerMetadataResponse;
import dev.gatehouse.proto.oip.ServerReadyRequest;
import dev.gatehouse.proto.v1.Column;
import dev.gatehouse.proto.v1.DescribeRequest;
import dev.gatehouse.proto.v1.DescribeResponse;
import dev.gatehouse.proto.v1.Input;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.RunningServer;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server says of itself, over both ports. */
class HealthTest {
  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.ofGolden();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", Golden.TOP1, Golden.TOP2, Golden.DENSE, Golden.SINGLE})
  void shouldServe(String service) {
    assertThat(HealthGrpc.newBlockingStub(server.channel()).check(health(service)).getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void shouldNotKnowTheHealthOfAnotherModel() {
    assertThatThrownBy(() -> HealthGrpc.newBlockingStub(server.channel()).check(health("nobody")))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("NOT_FOUND");
  }

  @Test
  void shouldTellAWatchThatItStopsAndNotWaitForIt() {
    Iterator<HealthCheckResponse> watch =
        HealthGrpc.newBlockingStub(server.channel()).watch(health(Golden.TOP1));
    assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);

    server.server().close();

    assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    assertThatThrownBy(watch::hasNext)
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("the server is stopping");
  }

  @Test
  void shouldBeLiveAndReady() {
    assertThat(server.inference().serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
        .isTrue();
    assertThat(server.inference().serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
        .isTrue();
    assertThat(
            server
                .inference()
                .modelReady(ModelReadyRequest.newBuilder().setName(Golden.TOP1).build())
                .getReady())
        .isTrue();
  }

  @Test
  void shouldNameItselfAndItsExtensions() {
    ServerMetadataResponse metadata =
        server.inference().serverMetadata(ServerMetadataRequest.getDefaultInstance());

    assertThat(metadata.getName()).isEqualTo("gatehouse");
    assertThat(metadata.getVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(metadata.getExtensionsList())
        .containsExactlyInAnyOrder("binary_tensor_data", "gatehouse_routing");
  }

  @Test
  void shouldDescribeAModel() {
    ModelMetadataResponse metadata =
        server
            .inference()
            .modelMetadata(ModelMetadataRequest.newBuilder().setName(Golden.TOP2).build());

    assertThat(metadata.getName()).isEqualTo(Golden.TOP2);
    assertThat(metadata.getVersionsList()).containsExactly("1");
    assertThat(metadata.getPlatform()).isEqualTo("onnx_onnxv1");
    assertThat(metadata.getInputsList())
        .singleElement()
        .satisfies(
            input -> {
              assertThat(input.getName()).isEqualTo("image");
              assertThat(input.getDatatype()).isEqualTo("UINT8");
              assertThat(input.getShapeList()).containsExactly(-1L, 1L, 8L, 8L);
            });
    assertThat(metadata.getOutputsList())
        .extracting(output -> output.getName() + " " + output.getDatatype() + output.getShapeList())
        .containsExactly("probabilities FP32[-1, 4]", "class INT64[-1]");
    assertThat(metadata.getPropertiesMap())
        .containsEntry("routing", "sparse")
        .containsEntry("experts", "3")
        .containsEntry("routing_rule", "top-2")
        .containsEntry("routing_outputs", "gate_probabilities,expert_indices,expert_weights");
  }

  @Test
  void shouldDescribeTheRowsOfATable() {
    DescribeResponse table =
        server.predictions().describe(DescribeRequest.newBuilder().setModel(Golden.TABLE).build());

    assertThat(table.getModel()).isEqualTo(Golden.TABLE);
    assertThat(table.getVersion()).isEqualTo(1);
    assertThat(table.getClassesList()).startsWith("north-west").hasSize(4);
    assertThat(table.getInput().getDatatype()).isEqualTo(Input.Datatype.DATATYPE_FP32);
    assertThat(table.getInput().getShapeList()).containsExactly(5);
    assertThat(table.getInput().getColumnsList().stream().map(Column::getName))
        .containsExactly("weight", "colour", "height", "always", "side");
    assertThat(table.getInput().getColumns(0).getNumber().getMean()).isEqualTo(130);
    assertThat(table.getInput().getColumns(1).getCategory().getValuesList())
        .containsExactly("blue", "green", "red");

    DescribeResponse images =
        server.predictions().describe(DescribeRequest.newBuilder().setModel(Golden.TOP1).build());
    assertThat(images.getInput().getDatatype()).isEqualTo(Input.Datatype.DATATYPE_UINT8);
    assertThat(images.getInput().getMax()).isEqualTo(255);
    assertThat(images.getInput().getColumnsList()).isEmpty();
  }

  @Test
  void shouldListItsServicesByReflection() throws InterruptedException {
    BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(server.channel())
            .serverReflectionInfo(
                new StreamObserver<ServerReflectionResponse>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answers.add(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    Object answer = answers.poll(10, TimeUnit.SECONDS);

    assertThat(answer).isInstanceOf(ServerReflectionResponse.class);
    assertThat(
            ((ServerReflectionResponse) answer)
                .getListServicesResponse().getServiceList().stream().map(ServiceResponse::getName))
        .contains(
            "gatehouse.v1.PredictionService",
            "inference.GRPCInferenceService",
            "grpc.health.v1.Health");
    requests.onCompleted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/health/live", "/health/ready"})
  void shouldAnswerGetAndHead(String path) {
    HttpResponse<String> get = server.http("GET", path);
    HttpResponse<String> head = server.http("HEAD", path);

    assertThat(get.statusCode()).isEqualTo(200);
    assertThat(get.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
    assertThat(get.body()).endsWith("\n");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void shouldRefuseOtherPathsAndMethodsInPlainText() {
    HttpResponse<String> unknown = server.http("GET", "/metrics/../etc/passwd");
    HttpResponse<String> post = server.http("POST", "/metrics");

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
  }

  private static HealthCheckRequest health(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build();
  }
}
