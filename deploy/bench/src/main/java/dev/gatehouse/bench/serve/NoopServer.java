package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that reads each request and answers with the same message every time: what gRPC itself
 * costs.
 */
final class NoopServer {
  private NoopServer() {}

  /**
   * The process.
   *
   * @param arguments a file with the encoded answer; {@code direct} for its best form, one event
   *     loop that also runs the calls, or {@code executor} for gRPC's own; its port, 0 for any
   */
  public static void main(String[] arguments) throws IOException {
    ChildJvm.endWithParent();
    ModelInferResponse answer =
        ModelInferResponse.parseFrom(Files.readAllBytes(Path.of(arguments[0])));
    NettyServerBuilder builder =
        NettyServerBuilder.forPort(Integer.parseInt(arguments[2]))
            .bossEventLoopGroup(Loops.one())
            .workerEventLoopGroup(Loops.one())
            .channelType(Loops.serverChannel())
            .addService(new Noop(answer));
    Server server =
        (arguments[1].equals("direct") ? builder.directExecutor() : builder).build().start();
    ServerReady.say(server.getPort());
  }

  private static final class Noop extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private final ModelInferResponse answer;

    Noop(ModelInferResponse answer) {
      this.answer = answer;
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
      observer.onNext(answer);
      observer.onCompleted();
    }
  }
}
