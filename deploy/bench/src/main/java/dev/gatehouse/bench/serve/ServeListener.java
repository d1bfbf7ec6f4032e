package dev.gatehouse.bench.serve;

/** Who is told of what goes on. */
public interface ServeListener {
  /** A side runs. */
  void started(Side side, String settings);

  /** So many turns are ahead. */
  void ahead(int turns);

  /** One of them is over. */
  void turned(String what);

  /** A case with requests in a closed loop is measured. */
  void measured(ServeResult result);

  /** A case with requests on time is measured. */
  void measured(OpenResult result);
}
