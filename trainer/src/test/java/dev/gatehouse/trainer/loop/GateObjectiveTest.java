package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Augment;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.loss.Importance;
import dev.gatehouse.trainer.loss.LoadBalance;
import dev.gatehouse.trainer.loss.Regulariser;
import dev.gatehouse.trainer.loss.Routed;
import dev.gatehouse.trainer.loss.RouterZ;
import dev.gatehouse.trainer.loss.SampleSimilarity;
import dev.gatehouse.trainer.model.Combination;
import dev.gatehouse.trainer.model.GateOutput;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.MixtureOutput;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.util.List;
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
      GateObjective objective =
          new GateObjective(
              student, teacher, DATA, training, MATCH, new Regularisation(training, null));
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

  /** Every term that a training from labels has, on the student's gate and the rows it sees. */
  @ParameterizedTest
  @ValueSource(strings = {"importance", "sample_similarity", "load_balance", "z_loss"})
  void shouldAddTheRegularisersToTheLoss(String term) {
    Schedule none = Schedule.of(0);
    Schedule some = Schedule.of(0.7);
    Training plain = Training.plain(5, ROWS.length, 1e-3, SEED);
    Training training =
        plain.regularizers(
            new Regularizers(
                term.equals("importance") ? some : none,
                none,
                term.equals("sample_similarity") ? some : none,
                null,
                false,
                term.equals("load_balance") ? some : none,
                term.equals("z_loss") ? some : none,
                List.of()));
    try (MixtureModel teacher = model(GateKind.ATTENTIVE, 1);
        MixtureModel student = model(GateKind.SOFTMAX, 2);
        NDManager scope = student.manager().newSubManager()) {
      NDArray indices = scope.create(ROWS);
      NDArray rows = DeviceRows.put(scope, DATA.train()).select(indices).rows();
      GateOutput gate = student.predictGate(rows);
      // L_s divides by the largest distance, so that raw rows measure as normalised ones do.
      Routed routed =
          new Routed(
              rows.toType(DataType.FLOAT32, false),
              gate.logits(),
              gate.probabilities(),
              () -> Combination.chosen(gate.probabilities(), training.rule().k()));
      Regulariser regulariser =
          switch (term) {
            case "importance" -> new Importance(0.7);
            case "sample_similarity" -> new SampleSimilarity(0, 0.7, false);
            case "load_balance" -> new LoadBalance(0.7);
            default -> new RouterZ(0.7);
          };

      Objective.Outcome with = outcome(student, teacher, training, indices);
      Objective.Outcome without = outcome(student, teacher, plain, indices);

      assertThat(with.terms()).extracting(Objective.Term::name).contains(term);
      float expected = regulariser.of(routed).getFloat();
      assertThat(expected).isNotCloseTo(0, within(1e-3f));
      assertThat(with.loss().getFloat() - without.loss().getFloat())
          .isCloseTo(expected, within(1e-5f));
    }
  }

  private static Objective.Outcome outcome(
      MixtureModel student, MixtureModel teacher, Training training, NDArray indices) {
    return new GateObjective(
            student, teacher, DATA, training, MATCH, new Regularisation(training, null))
        .of(new Step(indices, ROWS, EPOCH, 100, 500, training));
  }
}
