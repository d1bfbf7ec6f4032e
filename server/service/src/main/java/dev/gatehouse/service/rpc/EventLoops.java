package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.pipeline.Tick;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read requests and write answers, and, for cheap models, compute between the two:
 * epoll where there is any. Each is a {@link Tick} to the engine.
 */
final class EventLoops implements AutoCloseable {
  private static final ThreadLocal<@Nullable Tick> TICK = new ThreadLocal<>();

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup accepting;
  private final EventLoopGroup working;

  /**
   * Starts loops.
   *
   * @param threads how many, 1 or more
   */
  EventLoops(int threads) {
    accepting = group(1, "gatehouse-accept");
    working = group(threads, "gatehouse-loop");
    for (EventExecutor loop : working) {
      loop.execute(() -> TICK.set(new Tick(loop)));
    }
  }

  private EventLoopGroup group(int threads, String name) {
    IoHandlerFactory polling = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), polling);
  }

  /** Has {@code builder} use these loops. */
  NettyServerBuilder serving(NettyServerBuilder builder) {
    return builder
        .bossEventLoopGroup(accepting)
        .workerEventLoopGroup(working)
        .channelType(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
  }

  /** The loop whose thread this is; null for any other thread. */
  static @Nullable Tick tick() {
    return TICK.get();
  }

  /** Stops the loops without waiting. */
  @Override
  public void close() {
    stop(accepting);
    stop(working);
  }

  private static void stop(EventLoopGroup loops) {
    Future<?> unused = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
