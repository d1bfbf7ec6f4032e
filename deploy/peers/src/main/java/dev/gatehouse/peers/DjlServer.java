package dev.gatehouse.peers;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * What a user of DJL's ONNX Runtime engine would put behind the Open Inference Protocol: a
 * predictor a thread, each with one thread an operation.
 */
public final class DjlServer {
  private static final boolean EPOLL = Epoll.isAvailable();

  private DjlServer() {}

  /**
   * The process. Prints its port as a line of JSON.
   *
   * @param arguments the graph, and the number of threads that answer; 0 to answer on the event
   *     loop
   */
  public static void main(String[] arguments)
      throws IOException, ModelNotFoundException, MalformedModelException, InterruptedException {
    ChildJvm.endWithParent();
    int threads = Integer.parseInt(arguments[1]);
    ZooModel<ModelInferRequest, ModelInferResponse> model =
        Criteria.builder()
            .setTypes(ModelInferRequest.class, ModelInferResponse.class)
            .optEngine("OnnxRuntime")
            .optModelPath(Path.of(arguments[0]))
            .optTranslator(new RawTensors())
            .optOption("intraOpNumThreads", "1")
            .optOption("interOpNumThreads", "1")
            .build()
            .loadModel();
    NettyServerBuilder builder =
        NettyServerBuilder.forPort(0)
            .bossEventLoopGroup(loop())
            .workerEventLoopGroup(loop())
            .channelType(EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .addService(new Service(model));
    Server server =
        (threads == 0
                ? builder.directExecutor()
                : builder.executor(Executors.newFixedThreadPool(threads)))
            .build()
            .start();
    System.out.println("{\"port\":" + server.getPort() + "}");
    server.awaitTermination();
  }

  private static EventLoopGroup loop() {
    return new MultiThreadIoEventLoopGroup(
        1, EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  private static final class Service extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private final ThreadLocal<Predictor<ModelInferRequest, ModelInferResponse>> predictors;

    Service(ZooModel<ModelInferRequest, ModelInferResponse> model) {
      this.predictors = ThreadLocal.withInitial(model::newPredictor);
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
      try {
        observer.onNext(predictors.get().predict(request));
        observer.onCompleted();
      } catch (TranslateException e) {
        observer.onError(Status.INTERNAL.withCause(e).asException());
      }
    }
  }
}
