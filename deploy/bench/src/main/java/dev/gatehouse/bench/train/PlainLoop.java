package dev.gatehouse.bench.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.loop.StepTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The same mixture as a good user of DJL writes it: blocks, one forward pass per expert, DJL's
 * trainer and its Adam, rows normalised once and kept on the device. Gatehouse's step is measured
 * against this one, so it is never to be made slower.
 */
final class PlainLoop implements AutoCloseable {
  private final Model model;
  private final Trainer trainer;
  private final NDArray rows;
  private final NDArray labels;
  private double loss = Double.NaN;

  /**
   * Puts model and data on the device.
   *
   * @param values first values of all parameters, by name
   */
  PlainLoop(ModelSpec spec, Map<String, float[]> values, DataSet data, double learningRate) {
    model = Model.newInstance("plain");
    MixtureBlock block = new MixtureBlock(spec);
    model.setBlock(block);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(
                    Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed((float) learningRate))
                        .build()));
    long[] row = spec.input().shape().dims().stream().mapToLong(Integer::longValue).toArray();
    trainer.initialize(new Shape(1).addAll(new Shape(row)));
    List<ParameterSpec> specs = spec.parameters();
    List<Parameter> parameters = block.getParameters().values();
    for (int i = 0; i < specs.size(); i++) {
      String name = specs.get(i).name();
      parameters.get(i).getArray().set(Objects.requireNonNull(values.get(name), name));
    }
    rows = normalised(trainer.getManager(), spec.input(), data);
    labels =
        trainer.getManager().create(Arrays.stream(data.train().labels()).asLongStream().toArray());
  }

  /** One step on the training rows at {@code indices}. */
  StepTimes step(long[] indices) {
    long start = System.nanoTime();
    long selected;
    long forward;
    long backward;
    try (NDManager scope = trainer.getManager().newSubManager()) {
      NDIndex index = new NDIndex("{}", scope.create(indices));
      NDArray x = rows.get(scope, index);
      NDArray target = labels.get(scope, index);
      selected = System.nanoTime();
      NDArray y;
      NDArray mean;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        y = trainer.forward(new NDList(x)).singletonOrThrow();
        mean = y.gather(target.expandDims(1), 1).add(1e-15).log().mean().neg();
        forward = System.nanoTime();
        collector.backward(mean);
      }
      backward = System.nanoTime();
      trainer.step();
      loss = mean.getFloat();
      y.argMax(1).neq(target).sum().getLong();
    }
    long end = System.nanoTime();
    return new StepTimes(
        (selected - start) / 1e6,
        (forward - selected) / 1e6,
        (backward - forward) / 1e6,
        (end - backward) / 1e6);
  }

  /** The loss of the last step's rows before that step; NaN before the first. */
  double loss() {
    return loss;
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }

  private static NDArray normalised(NDManager manager, InputSpec input, DataSet data) {
    long[] shape = data.train().rows().shape().stream().mapToLong(Integer::longValue).toArray();
    InputSpec.Normalisation numbers = (InputSpec.Normalisation) input.normalisation();
    Shape perChannel = new Shape(input.shape().dims().get(0), 1, 1);
    try (NDManager scope = manager.newSubManager()) {
      NDArray normalised =
          scope
              .create(data.train().rows().data(), new Shape(shape), DataType.UINT8)
              .toType(DataType.FLOAT32, false)
              .div(numbers.scale())
              .sub(scope.create(floats(numbers.mean()), perChannel))
              .div(scope.create(floats(numbers.std()), perChannel));
      normalised.attach(manager);
      return normalised;
    }
  }

  private static float[] floats(List<Double> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return values;
  }

  /** A softmax gate and the experts it weighs; answers [B, classes] probabilities. */
  private static final class MixtureBlock extends AbstractBlock {
    private final Block gate;
    private final List<Block> experts = new ArrayList<>();

    MixtureBlock(ModelSpec spec) {
      gate =
          addChildBlock(
              "gate", network(Objects.requireNonNull(spec.gate().network()), spec.experts()));
      for (int e = 0; e < spec.experts(); e++) {
        experts.add(addChildBlock("expert" + e, network(spec.network(), spec.classes().size())));
      }
    }

    private static Block network(Network network, int outputs) {
      SequentialBlock block = new SequentialBlock();
      for (Layer layer : network.trunk()) {
        block.add(layer(layer));
      }
      return block.add(Activation.reluBlock()).add(Linear.builder().setUnits(outputs).build());
    }

    private static Block layer(Layer layer) {
      if (layer instanceof Layer.Conv2d conv) {
        return Conv2d.builder()
            .setFilters(conv.channels())
            .setKernelShape(new Shape(conv.kernel(), conv.kernel()))
            .optPadding(new Shape(conv.padding(), conv.padding()))
            .optBias(conv.bias())
            .build();
      }
      if (layer instanceof Layer.BatchNorm) {
        return BatchNorm.builder().optMomentum((float) Layer.BatchNorm.MOMENTUM).build();
      }
      if (layer instanceof Layer.MaxPool pool) {
        Shape square = new Shape(pool.size(), pool.size());
        return Pool.maxPool2dBlock(square, square);
      }
      if (layer instanceof Layer.Relu) {
        return Activation.reluBlock();
      }
      if (layer instanceof Layer.Flatten) {
        return Blocks.batchFlattenBlock();
      }
      if (layer instanceof Layer.Linear linear) {
        return Linear.builder().setUnits(linear.features()).build();
      }
      throw new AssertionError("no such layer: " + layer);
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDList answers = new NDList();
      for (Block expert : experts) {
        answers.add(expert.forward(store, inputs, training).singletonOrThrow().softmax(1));
      }
      NDArray p = gate.forward(store, inputs, training).singletonOrThrow().softmax(1);
      NDArray y = p.expandDims(1).batchMatMul(NDArrays.stack(answers, 1)).squeeze(1);
      return new NDList(y);
    }

    @Override
    protected void initializeChildBlocks(
        NDManager manager, DataType dataType, Shape... inputShapes) {
      gate.initialize(manager, dataType, inputShapes);
      experts.forEach(expert -> expert.initialize(manager, dataType, inputShapes));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return experts.get(0).getOutputShapes(inputShapes);
    }
  }
}
