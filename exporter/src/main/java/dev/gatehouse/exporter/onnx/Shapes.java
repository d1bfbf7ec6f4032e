package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of a graph's values when it is given one row, as far as they follow from its operators
 * (ONNX's "Operator Schemas", opset 13 to 21). Numbers that shapes are computed from, such as those
 * of Shape, Gather and Concat in front of a Reshape, are computed too. Where an operator is not
 * known here, what the file declares is believed, and else the shape is not known.
 */
final class Shapes {
  private static final Set<String> LIKE_THEIR_FIRST_INPUT =
      Set.of(
          "Abs",
          "BatchNormalization",
          "Cast",
          "Ceil",
          "Celu",
          "Clip",
          "Cos",
          "CumSum",
          "DequantizeLinear",
          "Dropout",
          "DynamicQuantizeLinear",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "GroupNormalization",
          "HardSigmoid",
          "HardSwish",
          "Hardmax",
          "Identity",
          "InstanceNormalization",
          "IsInf",
          "IsNaN",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "LpNormalization",
          "MeanVarianceNormalization",
          "Mish",
          "Neg",
          "Not",
          "PRelu",
          "QuantizeLinear",
          "Reciprocal",
          "Relu",
          "Round",
          "ScatterElements",
          "ScatterND",
          "Selu",
          "Sigmoid",
          "Sign",
          "Sin",
          "Softmax",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Tanh",
          "ThresholdedRelu",
          "Trilu");
  private static final Set<String> BROADCAST =
      Set.of(
          "Add",
          "And",
          "Div",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Max",
          "Mean",
          "Min",
          "Mod",
          "Mul",
          "Or",
          "Pow",
          "Sub",
          "Sum",
          "Where",
          "Xor");

  private final Map<String, long[]> shapes = new HashMap<>();

  /** Small whole numbers that are known without data. */
  private final Map<String, long[]> numbers = new HashMap<>();

  private final Map<String, long[]> declared = new HashMap<>();

  private Shapes() {}

  /** The shape does not follow from what is known. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super("not known", null, false, false);
    }
  }

  /** The shapes of a file's values for one row. */
  static Shapes of(OnnxGraph file) {
    Shapes shapes = new Shapes();
    GraphProto graph = file.graph();
    for (TensorProto constant : graph.getInitializerList()) {
      shapes.constant(constant.getName(), constant);
    }
    for (OnnxValue input : file.inputs()) {
      long[] row = row(input);
      if (row != null) {
        shapes.shapes.put(input.name(), row);
      }
    }
    // What a file of a fixed batch declares is of that batch, not of one row.
    if (file.inputs().stream().noneMatch(Shapes::isOfMoreRows)) {
      graph.getValueInfoList().forEach(shapes::declare);
      graph.getOutputList().forEach(shapes::declare);
    }
    graph.getNodeList().forEach(shapes::infer);
    return shapes;
  }

  private static boolean isOfMoreRows(OnnxValue input) {
    return input.sizes() != null && !input.sizes().isEmpty() && input.sizes().get(0).value() > 1;
  }

  private void declare(ValueInfoProto info) {
    long[] row = row(OnnxGraph.value(info));
    if (row != null) {
      declared.put(info.getName(), row);
    }
  }

  /** The declared shape of one row; null where more than the first size is open. */
  private static long @Nullable [] row(OnnxValue value) {
    if (value.sizes() == null || value.sizes().isEmpty()) {
      return null;
    }
    long[] row = value.sizes().stream().mapToLong(OnnxValue.Size::value).toArray();
    row[0] = 1;
    for (long size : row) {
      if (size < 0) {
        return null;
      }
    }
    return row;
  }

  /** The shape of a value; null where it is not known. */
  long @Nullable [] of(String value) {
    return shapes.get(value);
  }

  /** Elements of a value; -1 where its shape is not known. */
  long elements(String value) {
    long[] shape = of(value);
    return shape == null ? -1 : product(shape, 0, shape.length);
  }

  static long product(long[] shape, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product = Math.multiplyExact(product, shape[i]);
    }
    return product;
  }

  private void constant(String name, TensorProto tensor) {
    shapes.put(name, tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
    long[] known = Weights.wholeNumbers(tensor);
    if (known != null) {
      numbers.put(name, known);
    }
  }

  private void infer(NodeProto node) {
    try {
      new Inference(node).run();
    } catch (Unknown | ArithmeticException e) {
      for (String output : node.getOutputList()) {
        long[] believed = declared.get(output);
        if (believed != null) {
          shapes.put(output, believed);
        }
      }
    }
  }

  /** One node's outputs from its inputs. */
  private final class Inference {
    private final NodeProto node;
    private final NodeAttributes attributes;

    Inference(NodeProto node) {
      this.node = node;
      this.attributes = new NodeAttributes(node);
    }

    void run() {
      String op = node.getOpType();
      if (!OnnxGraph.domain(node.getDomain()).isEmpty()) {
        throw new Unknown();
      }
      if (LIKE_THEIR_FIRST_INPUT.contains(op)) {
        out(in(0));
        if (op.equals("Cast") || op.equals("Identity")) {
          keepNumbers();
        }
      } else if (BROADCAST.contains(op)) {
        broadcast();
        arithmetic(op);
      } else if (op.startsWith("Reduce")) {
        reduce();
      } else {
        other(op);
      }
    }

    private void other(String op) {
      switch (op) {
        case "Conv", "ConvInteger" -> conv(in(0), in(1));
        case "QLinearConv" -> conv(in(0), in(3));
        case "ConvTranspose" -> convTranspose();
        case "MaxPool", "AveragePool", "LpPool" -> pool();
        case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> globalPool();
        case "Gemm" -> gemm();
        case "MatMul", "MatMulInteger" -> matMul(in(0), in(1));
        case "QLinearMatMul" -> matMul(in(0), in(3));
        case "Flatten" -> flatten();
        case "Reshape" -> reshape();
        case "Squeeze" -> squeeze();
        case "Unsqueeze" -> unsqueeze();
        case "Transpose" -> transpose();
        case "Concat" -> concat();
        case "Split" -> split();
        case "Slice" -> slice();
        case "Gather" -> gather();
        case "GatherElements" -> out(in(1));
        case "GatherND" -> gatherNd();
        case "Expand" -> out(broadcast(in(0), known(1)));
        case "Tile" -> tile();
        case "Pad" -> pad();
        case "Shape" -> shape();
        case "Size" -> size();
        case "Constant" -> constantNode();
        case "ConstantOfShape" -> constantOfShape();
        case "ArgMax", "ArgMin" -> argMax();
        case "TopK" -> topK();
        case "OneHot" -> oneHot();
        case "DepthToSpace" -> depthToSpace();
        case "SpaceToDepth" -> spaceToDepth();
        default -> throw new Unknown();
      }
    }

    // --- what a node has
    // ---------------------------------------------------------------------------

    private long[] in(int i) {
      long[] shape = i < node.getInputCount() ? shapes.get(node.getInput(i)) : null;
      if (shape == null) {
        throw new Unknown();
      }
      return shape;
    }

    private boolean has(int i) {
      return i < node.getInputCount() && !node.getInput(i).isEmpty();
    }

    private long[] known(int i) {
      long[] values = has(i) ? numbers.get(node.getInput(i)) : null;
      if (values == null) {
        throw new Unknown();
      }
      return values;
    }

    private void out(long... shape) {
      outAt(0, shape);
    }

    private void outAt(int i, long... shape) {
      for (long size : shape) {
        require(size >= 0);
      }
      product(shape, 0, shape.length);
      if (i < node.getOutputCount() && !node.getOutput(i).isEmpty()) {
        shapes.put(node.getOutput(i), shape);
      }
    }

    private void outNumbers(long... values) {
      if (node.getOutputCount() > 0) {
        numbers.put(node.getOutput(0), values);
      }
    }

    private void require(boolean fits) {
      if (!fits) {
        throw new Unknown();
      }
    }

    private int axis(long axis, int rank) {
      long counted = axis < 0 ? axis + rank : axis;
      require(counted >= 0 && counted < rank);
      return (int) counted;
    }

    private long[] numbers(String name, int length, long otherwise) {
      long[] values = attributes.numbers(name, length, otherwise);
      require(values.length == length);
      return values;
    }

    // --- arithmetic
    // --------------------------------------------------------------------------------

    private void broadcast() {
      long[] shape = in(0);
      for (int i = 1; i < node.getInputCount(); i++) {
        shape = broadcast(shape, in(i));
      }
      out(shape);
    }

    private long[] broadcast(long[] a, long[] b) {
      long[] shape = new long[Math.max(a.length, b.length)];
      for (int i = 1; i <= shape.length; i++) {
        long left = i <= a.length ? a[a.length - i] : 1;
        long right = i <= b.length ? b[b.length - i] : 1;
        require(left == right || left == 1 || right == 1);
        shape[shape.length - i] = left == 1 ? right : left;
      }
      return shape;
    }

    /** Of numbers that shapes are made of. */
    private void arithmetic(String op) {
      if (node.getInputCount() != 2
          || !numbers.containsKey(node.getInput(0))
          || !numbers.containsKey(node.getInput(1))) {
        return;
      }
      long[] a = known(0);
      long[] b = known(1);
      if (a.length != b.length && a.length != 1 && b.length != 1) {
        return;
      }
      long[] values = new long[Math.max(a.length, b.length)];
      for (int i = 0; i < values.length; i++) {
        long left = a[a.length == 1 ? 0 : i];
        long right = b[b.length == 1 ? 0 : i];
        switch (op) {
          case "Add" -> values[i] = Math.addExact(left, right);
          case "Sub" -> values[i] = Math.subtractExact(left, right);
          case "Mul" -> values[i] = Math.multiplyExact(left, right);
          case "Div" -> values[i] = left / right;
          default -> {
            return;
          }
        }
      }
      outNumbers(values);
    }

    private void reduce() {
      long[] x = in(0);
      boolean keep = attributes.number("keepdims", 1) != 0;
      long[] axes = has(1) ? known(1) : attributes.numbers("axes", 0, 0);
      if (axes.length == 0 && attributes.number("noop_with_empty_axes", 0) != 0) {
        out(x);
        return;
      }
      boolean[] gone = new boolean[x.length];
      Arrays.fill(gone, axes.length == 0);
      for (long axis : axes) {
        gone[axis(axis, x.length)] = true;
      }
      out(without(x, gone, keep));
    }

    private long[] without(long[] shape, boolean[] gone, boolean keep) {
      LongStream.Builder left = LongStream.builder();
      for (int i = 0; i < shape.length; i++) {
        if (!gone[i]) {
          left.add(shape[i]);
        } else if (keep) {
          left.add(1);
        }
      }
      return left.build().toArray();
    }

    private void argMax() {
      long[] x = in(0);
      boolean[] gone = new boolean[x.length];
      gone[axis(attributes.number("axis", 0), x.length)] = true;
      out(without(x, gone, attributes.number("keepdims", 1) != 0));
    }

    private void topK() {
      long[] shape = in(0).clone();
      long[] k = known(1);
      require(k.length == 1);
      shape[axis(attributes.number("axis", -1), shape.length)] = k[0];
      outAt(0, shape);
      outAt(1, shape);
    }

    private void oneHot() {
      long[] indices = in(0);
      long[] depth = known(1);
      require(depth.length == 1);
      int at = axis(attributes.number("axis", -1), indices.length + 1);
      out(inserted(indices, at, depth[0]));
    }

    private long[] inserted(long[] shape, int at, long size) {
      long[] more = new long[shape.length + 1];
      System.arraycopy(shape, 0, more, 0, at);
      more[at] = size;
      System.arraycopy(shape, at, more, at + 1, shape.length - at);
      return more;
    }

    // --- networks
    // ----------------------------------------------------------------------------------

    private void conv(long[] x, long[] weight) {
      require(x.length >= 3 && weight.length == x.length);
      long[] kernel = Arrays.copyOfRange(weight, 2, weight.length);
      out(windows(x, weight[0], kernel, false));
    }

    private void pool() {
      long[] x = in(0);
      require(x.length >= 3);
      long[] kernel = numbers("kernel_shape", x.length - 2, 0);
      long[] shape = windows(x, x[1], kernel, attributes.number("ceil_mode", 0) != 0);
      outAt(0, shape);
      outAt(1, shape);
    }

    private long[] windows(long[] x, long channels, long[] kernel, boolean up) {
      int spatial = kernel.length;
      long[] strides = numbers("strides", spatial, 1);
      long[] dilations = numbers("dilations", spatial, 1);
      long[] pads = numbers("pads", 2 * spatial, 0);
      String auto = attributes.text("auto_pad", "NOTSET");
      long[] shape = x.clone();
      shape[1] = channels;
      for (int i = 0; i < spatial; i++) {
        require(strides[i] > 0);
        long reach = dilations[i] * (kernel[i] - 1) + 1;
        if (auto.startsWith("SAME")) {
          shape[i + 2] = (x[i + 2] + strides[i] - 1) / strides[i];
        } else {
          long padding = auto.equals("VALID") ? 0 : pads[i] + pads[i + spatial];
          long room = x[i + 2] + padding - reach;
          require(room >= 0);
          shape[i + 2] = (up ? (room + strides[i] - 1) / strides[i] : room / strides[i]) + 1;
        }
      }
      return shape;
    }

    private void convTranspose() {
      long[] x = in(0);
      long[] weight = in(1);
      require(x.length >= 3 && weight.length == x.length);
      int spatial = x.length - 2;
      require(
          attributes.text("auto_pad", "NOTSET").equals("NOTSET")
              && attributes.find("output_shape").isEmpty());
      long[] strides = numbers("strides", spatial, 1);
      long[] dilations = numbers("dilations", spatial, 1);
      long[] pads = numbers("pads", 2 * spatial, 0);
      long[] more = numbers("output_padding", spatial, 0);
      long[] shape = x.clone();
      shape[1] = Math.multiplyExact(weight[1], attributes.number("group", 1));
      for (int i = 0; i < spatial; i++) {
        shape[i + 2] =
            strides[i] * (x[i + 2] - 1)
                + more[i]
                + dilations[i] * (weight[i + 2] - 1)
                + 1
                - pads[i]
                - pads[i + spatial];
      }
      out(shape);
    }

    private void globalPool() {
      long[] shape = in(0).clone();
      require(shape.length >= 2);
      Arrays.fill(shape, 2, shape.length, 1);
      out(shape);
    }

    private void gemm() {
      long[] a = in(0);
      long[] b = in(1);
      require(a.length == 2 && b.length == 2);
      boolean across = attributes.number("transA", 0) != 0;
      boolean over = attributes.number("transB", 0) != 0;
      require(a[across ? 0 : 1] == b[over ? 1 : 0]);
      out(a[across ? 1 : 0], b[over ? 0 : 1]);
    }

    private void matMul(long[] a, long[] b) {
      require(a.length >= 1 && b.length >= 1);
      long[] left = a.length == 1 ? new long[] {1, a[0]} : a;
      long[] right = b.length == 1 ? new long[] {b[0], 1} : b;
      require(left[left.length - 1] == right[right.length - 2]);
      long[] batch =
          broadcast(Arrays.copyOf(left, left.length - 2), Arrays.copyOf(right, right.length - 2));
      LongStream.Builder shape = LongStream.builder();
      Arrays.stream(batch).forEach(shape::add);
      if (a.length > 1) {
        shape.add(left[left.length - 2]);
      }
      if (b.length > 1) {
        shape.add(right[right.length - 1]);
      }
      out(shape.build().toArray());
    }

    // --- shapes
    // ------------------------------------------------------------------------------------

    private void flatten() {
      long[] x = in(0);
      long written = attributes.number("axis", 1);
      int at = written == x.length ? x.length : axis(written, x.length);
      out(product(x, 0, at), product(x, at, x.length));
    }

    private void reshape() {
      long[] x = in(0);
      long[] wanted = known(1).clone();
      boolean zeroIsZero = attributes.number("allowzero", 0) != 0;
      int open = -1;
      for (int i = 0; i < wanted.length; i++) {
        if (wanted[i] == 0 && !zeroIsZero) {
          require(i < x.length);
          wanted[i] = x[i];
        } else if (wanted[i] == -1) {
          require(open < 0);
          open = i;
        }
      }
      long all = product(x, 0, x.length);
      if (open >= 0) {
        wanted[open] = 1;
        long rest = product(wanted, 0, wanted.length);
        require(rest > 0 && all % rest == 0);
        wanted[open] = all / rest;
      }
      require(product(wanted, 0, wanted.length) == all);
      out(wanted);
      keepNumbers();
    }

    private void squeeze() {
      long[] x = in(0);
      boolean[] gone = new boolean[x.length];
      if (has(1)) {
        for (long axis : known(1)) {
          gone[axis(axis, x.length)] = true;
        }
      } else {
        for (int i = 0; i < x.length; i++) {
          gone[i] = x[i] == 1;
        }
      }
      out(without(x, gone, false));
      keepNumbers();
    }

    private void unsqueeze() {
      long[] axes = known(1);
      int rank = in(0).length + axes.length;
      boolean[] fresh = new boolean[rank];
      for (long axis : axes) {
        int at = axis(axis, rank);
        require(!fresh[at]);
        fresh[at] = true;
      }
      long[] shape = new long[rank];
      int from = 0;
      for (int i = 0; i < rank; i++) {
        shape[i] = fresh[i] ? 1 : in(0)[from++];
      }
      out(shape);
      keepNumbers();
    }

    private void keepNumbers() {
      long[] values = numbers.get(node.getInput(0));
      if (values != null) {
        outNumbers(values);
      }
    }

    private void transpose() {
      long[] x = in(0);
      long[] backwards = new long[x.length];
      for (int i = 0; i < x.length; i++) {
        backwards[i] = x.length - 1L - i;
      }
      long[] order = attributes.find("perm").isPresent() ? numbers("perm", x.length, 0) : backwards;
      long[] shape = new long[x.length];
      for (int i = 0; i < x.length; i++) {
        shape[i] = x[axis(order[i], x.length)];
      }
      out(shape);
    }

    private void concat() {
      long[] shape = in(0).clone();
      int at = axis(attributes.number("axis", 0), shape.length);
      boolean numbersKnown = shape.length == 1;
      LongStream.Builder values = LongStream.builder();
      for (int i = 0; i < node.getInputCount(); i++) {
        long[] part = in(i);
        require(part.length == shape.length);
        if (i > 0) {
          shape[at] = Math.addExact(shape[at], part[at]);
        }
        long[] known = numbers.get(node.getInput(i));
        numbersKnown &= known != null;
        if (known != null) {
          Arrays.stream(known).forEach(values::add);
        }
      }
      out(shape);
      if (numbersKnown) {
        outNumbers(values.build().toArray());
      }
    }

    private void split() {
      long[] x = in(0);
      int at = axis(attributes.number("axis", 0), x.length);
      int parts = node.getOutputCount();
      require(parts > 0);
      long each = (x[at] + parts - 1) / parts;
      long[] sizes = has(1) ? known(1) : null;
      require(sizes == null || sizes.length == parts);
      for (int i = 0; i < parts; i++) {
        long[] shape = x.clone();
        shape[at] = sizes == null ? Math.min(each, x[at] - i * each) : sizes[i];
        outAt(i, shape);
      }
    }

    private void slice() {
      long[] x = in(0);
      long[] starts = known(1);
      long[] ends = known(2);
      require(starts.length == ends.length);
      long[] axes = has(3) ? known(3) : LongStream.range(0, starts.length).toArray();
      long[] steps = has(4) ? known(4) : attributes.numbers("none", starts.length, 1);
      require(axes.length == starts.length && steps.length == starts.length);
      long[] shape = x.clone();
      for (int i = 0; i < axes.length; i++) {
        int at = axis(axes[i], x.length);
        require(steps[i] > 0);
        long from = clamped(starts[i], x[at]);
        long to = clamped(ends[i], x[at]);
        shape[at] = Math.max(0, (to - from + steps[i] - 1) / steps[i]);
      }
      out(shape);
      long[] values = numbers.get(node.getInput(0));
      if (values != null && x.length == 1 && axes.length == 1 && steps[0] == 1) {
        int from = (int) clamped(starts[0], x[0]);
        require(values.length == x[0]);
        outNumbers(Arrays.copyOfRange(values, from, from + (int) shape[0]));
      }
    }

    private long clamped(long at, long size) {
      long counted = at < 0 ? at + size : at;
      return Math.max(0, Math.min(size, counted));
    }

    private void gather() {
      long[] x = in(0);
      long[] indices = in(1);
      int at = axis(attributes.number("axis", 0), x.length);
      long[] shape = new long[x.length - 1 + indices.length];
      System.arraycopy(x, 0, shape, 0, at);
      System.arraycopy(indices, 0, shape, at, indices.length);
      System.arraycopy(x, at + 1, shape, at + indices.length, x.length - at - 1);
      out(shape);
      long[] values = numbers.get(node.getInput(0));
      long[] places = numbers.get(node.getInput(1));
      if (values != null && places != null && x.length == 1) {
        long[] gathered = new long[places.length];
        for (int i = 0; i < places.length; i++) {
          gathered[i] = values[axis(places[i], values.length)];
        }
        outNumbers(gathered);
      }
    }

    private void gatherNd() {
      long[] x = in(0);
      long[] indices = in(1);
      long batch = attributes.number("batch_dims", 0);
      require(indices.length >= 1 && batch >= 0 && batch < indices.length);
      long depth = indices[indices.length - 1];
      require(depth >= 0 && batch + depth <= x.length);
      int kept = indices.length - 1;
      int rest = x.length - (int) (batch + depth);
      long[] shape = new long[kept + rest];
      System.arraycopy(indices, 0, shape, 0, kept);
      System.arraycopy(x, x.length - rest, shape, kept, rest);
      out(shape);
    }

    private void tile() {
      long[] shape = in(0).clone();
      long[] times = known(1);
      require(times.length == shape.length);
      for (int i = 0; i < shape.length; i++) {
        shape[i] = Math.multiplyExact(shape[i], times[i]);
      }
      out(shape);
    }

    private void pad() {
      long[] shape = in(0).clone();
      long[] pads = known(1);
      long[] axes = has(3) ? known(3) : LongStream.range(0, shape.length).toArray();
      require(pads.length == 2 * axes.length);
      for (int i = 0; i < axes.length; i++) {
        shape[axis(axes[i], shape.length)] += pads[i] + pads[i + axes.length];
      }
      out(shape);
    }

    private void shape() {
      long[] x = in(0);
      long from = attributes.number("start", 0);
      long to = attributes.number("end", x.length);
      int first = (int) clamped(from, x.length);
      int last = Math.max(first, (int) clamped(to, x.length));
      long[] sizes = Arrays.copyOfRange(x, first, last);
      out(sizes.length);
      outNumbers(sizes);
    }

    private void size() {
      long[] x = in(0);
      out();
      outNumbers(product(x, 0, x.length));
    }

    private void constantNode() {
      for (AttributeProto attribute : node.getAttributeList()) {
        switch (attribute.getName()) {
          case "value" -> {
            require(node.getOutputCount() == 1);
            constant(node.getOutput(0), attribute.getT());
          }
          case "value_int" -> {
            out();
            outNumbers(attribute.getI());
          }
          case "value_ints" -> {
            out(attribute.getIntsCount());
            outNumbers(attribute.getIntsList().stream().mapToLong(Long::longValue).toArray());
          }
          case "value_float" -> out();
          case "value_floats" -> out(attribute.getFloatsCount());
          default -> throw new Unknown();
        }
      }
    }

    private void constantOfShape() {
      out(known(0).clone());
    }

    private void depthToSpace() {
      long[] x = in(0);
      long block = attributes.number("blocksize", 0);
      require(x.length == 4 && block > 0 && x[1] % (block * block) == 0);
      out(x[0], x[1] / (block * block), x[2] * block, x[3] * block);
    }

    private void spaceToDepth() {
      long[] x = in(0);
      long block = attributes.number("blocksize", 0);
      require(x.length == 4 && block > 0 && x[2] % block == 0 && x[3] % block == 0);
      out(x[0], x[1] * block * block, x[2] / block, x[3] / block);
    }
  }
}
