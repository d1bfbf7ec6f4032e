package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Augment;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.MixtureOutput;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateObjectiveTest {
  private static final DataSet DATA = TinyData.dataSet(17);
  private static final int EXPERTS = 3;
  private static final double MATCH = 0.5;
  private static final int EPOCH = 3;
  private static final long SEED = 23;
  private static final long[] ROWS = {4, 599, 0, 70, 123, 8, 8, 301};

  private static MixtureModel model(GateKind gate, long seed) {
    ModelSpec spec = TinyModels.mixture(gate, EXPERTS);
    return new MixtureModel(
        spec, Initialisation.of(spec.parameters(), seed), name -> name.startsWith("gate."));
  }

  /**
   * The labels' and the teacher's part in plain double loops, teacher and student asked for what
   * the rows of this epoch are.
   */
  private static double byHand(
      MixtureModel teacher, MixtureModel student, NDArray rows, NDArray labels) {
    MixtureOutput said = teacher.predict(rows, labels);
    float[] experts = said.experts().probabilities().toFloatArray();
    float[] q = said.gate().probabilities().toFloatArray();
    float[] p = student.predictGate(rows).probabilities().toFloatArray();
    long[] classes = labels.toLongArray();
    double loss = 0;
    for (int row = 0; row < classes.length; row++) {
      double right = 0;
      for (int e = 0; e < EXPERTS; e++) {
        int at = row * EXPERTS + e;
        right += p[at] * experts[at * TinyData.CLASSES + (int) classes[row]];
        loss -= MATCH * q[at] * Math.log(p[at]);
      }
      loss -= Math.log(right);
    }
    return loss / classes.length;
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "shift:2", "flip,shift:1"})
  void shouldAskTheTeacherForTheRowsThatTheStudentSees(String augment) {
    Augment how = Augment.parse(augment);
    Training training = Training.plain(5, ROWS.length, 1e-3, SEED).augment(how);
    try (MixtureModel teacher = model(GateKind.ATTENTIVE, 1);
        MixtureModel student = model(GateKind.SOFTMAX, 2);
        NDManager scope = student.manager().newSubManager()) {
      GateObjective objective = new GateObjective(student, teacher, DATA, training, MATCH);
      NDArray indices = scope.create(ROWS);
      DeviceRows raw = DeviceRows.put(scope, DATA.train()).select(indices);
      NDArray seen =
          how.isNone()
              ? raw.rows()
              : new FlipAndCrop(how.flip(), how.shift()).apply(raw.rows(), ROWS, EPOCH - 1, SEED);

      double loss =
          objective.of(new Step(indices, ROWS, EPOCH, 100, 500, training)).loss().getFloat();

      assertThat(loss).isCloseTo(byHand(teacher, student, seen, raw.labels()), within(1e-5));
      if (!how.isNone()) {
        assertThat(loss)
            .isNotCloseTo(byHand(teacher, student, raw.rows(), raw.labels()), within(1e-4));
      }
    }
  }
}
