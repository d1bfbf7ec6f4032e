package dev.gatehouse.client.cli;

import java.util.List;

/**
 * What {@code predict --json} prints.
 *
 * @param model the model that answered
 * @param version its version
 * @param predictions one a row, in the order given
 */
record Answers(String model, int version, List<Answer> predictions) {}
