package dev.gatehouse.cli.quickstart;

import java.util.Locale;

/** The steps of a quickstart, in order. */
public enum Stage {
  /** Read or draw the data set. */
  DATA("data set"),
  /** Train one network of an expert's size, to compare with. */
  SINGLE("train one expert alone"),
  /** Train the mixture under the attentive gate. */
  TRAIN("train the mixture"),
  /** Distil the attentive gate into a plain one. */
  DISTIL("distil the gate"),
  /** Write and prove the bundle. */
  EXPORT("export the bundle"),
  /** Load the bundle and listen. */
  SERVE("start the server"),
  /** Send the test set. */
  PREDICT("send the test set");

  private final String title;

  Stage(String title) {
    this.title = title;
  }

  /** A few words for people. */
  public String title() {
    return title;
  }

  /** The name in JSON. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
