package dev.gatehouse.client.cli;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.proto.v1.PredictResponse;
import java.util.List;

/** Rows that one request asks about. */
interface RowBatch {
  /** What to call each row. */
  List<String> names();

  /** Asks a server. */
  PredictResponse ask(GatehouseClient client, Query query);
}
