package dev.gatehouse.trainer.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What an experiment told. */
class Recorded implements ExperimentListener {
  final List<String> finished = new ArrayList<>();
  final List<String> failed = new ArrayList<>();
  final List<String> outdated = new ArrayList<>();
  final List<Integer> left = new ArrayList<>();
  int done;

  @Override
  public void started(int cells, int already, OptionalDouble seconds) {
    done = already;
  }

  @Override
  public void outdated(String change) {
    outdated.add(change);
  }

  @Override
  public void finished(Cell cell, CellResult result) {
    finished.add(cell.id());
  }

  @Override
  public void failed(Cell cell, String why) {
    failed.add(cell.id() + ": " + why);
  }

  @Override
  public void left(int cells, OptionalDouble seconds) {
    left.add(cells);
  }
}
