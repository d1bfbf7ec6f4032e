package dev.gatehouse.cli.quickstart;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.Prediction;
import dev.gatehouse.trainer.data.LabelledRows;
import java.nio.ByteBuffer;

/**
 * What a server answered to a test set that was sent over gRPC as raw bytes.
 *
 * @param rows rows sent
 * @param right rows whose class was the true one
 * @param expertByClass [experts][classes] rows of each true class by the expert of largest weight
 */
record TestTraffic(int rows, int right, long[][] expertByClass) {
  private static final int ROWS_A_REQUEST = 100;

  /** Sends every row once, a hundred a request. */
  static TestTraffic send(
      GatehouseClient client,
      Query query,
      LabelledRows rows,
      int experts,
      int classes,
      StageListener listener) {
    long[][] expertByClass = new long[experts][classes];
    int right = 0;
    ByteBuffer bytes = rows.rows().data();
    int rowBytes = bytes.remaining() / rows.size();
    for (int from = 0; from < rows.size(); from += ROWS_A_REQUEST) {
      int count = Math.min(ROWS_A_REQUEST, rows.size() - from);
      byte[] values = new byte[count * rowBytes];
      bytes.get(values);
      PredictResponse response = client.predictUint8(query.withRouting(), count, values);
      for (int i = 0; i < count; i++) {
        Prediction prediction = response.getPredictions(i);
        int label = rows.labels()[from + i];
        right += prediction.getClassIndex() == label ? 1 : 0;
        expertByClass[prediction.getRouting().getExpertIndices(0)][label]++;
      }
      listener.answered(from + count, rows.size());
    }
    return new TestTraffic(rows.size(), right, expertByClass);
  }

  /** Share of rows that were right. */
  double accuracy() {
    return (double) right / rows;
  }
}
