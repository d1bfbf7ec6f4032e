package dev.gatehouse.trainer.data.download;

import java.util.List;

/**
 * A data set as its authors released it.
 *
 * <p>Sizes and digests of the CIFAR archives are those that TensorFlow Datasets checks ({@code
 * url_checksums/cifar10.txt} and {@code cifar100.txt} of tensorflow/datasets); MLDatasets.jl checks
 * the same digests. Those of MNIST and Fashion-MNIST were taken from files with the published MD5,
 * and are in {@code url_checksums} too.
 *
 * @param name as {@code --dataset} takes it
 * @param homes where the files are, the first that gives one is taken; each ends in a slash
 * @param files all of them
 */
public record Release(String name, List<String> homes, List<ReleasedFile> files) {
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte.gz";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte.gz";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte.gz";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte.gz";

  /** Buckets of the Common Visual Data Foundation and of PyTorch. */
  public static final Release MNIST =
      new Release(
          "mnist",
          List.of(
              "https://storage.googleapis.com/cvdf-datasets/mnist/",
              "https://ossci-datasets.s3.amazonaws.com/mnist/"),
          List.of(
              new ReleasedFile(
                  TRAIN_IMAGES,
                  9_912_422,
                  "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
              new ReleasedFile(
                  TRAIN_LABELS,
                  28_881,
                  "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
              new ReleasedFile(
                  TEST_IMAGES,
                  1_648_877,
                  "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
              new ReleasedFile(
                  TEST_LABELS,
                  4_542,
                  "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")));

  /** The authors' bucket, which has no https, and their repository. */
  public static final Release FASHION_MNIST =
      new Release(
          "fashion-mnist",
          List.of(
              "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
              "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
          List.of(
              new ReleasedFile(
                  TRAIN_IMAGES,
                  26_421_880,
                  "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
              new ReleasedFile(
                  TRAIN_LABELS,
                  29_515,
                  "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
              new ReleasedFile(
                  TEST_IMAGES,
                  4_422_102,
                  "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
              new ReleasedFile(
                  TEST_LABELS,
                  5_148,
                  "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")));

  /** The author's page. */
  public static final Release CIFAR_10 =
      new Release(
          "cifar-10",
          List.of("https://www.cs.toronto.edu/~kriz/"),
          List.of(
              new ReleasedFile(
                  "cifar-10-binary.tar.gz",
                  170_052_171,
                  "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")));

  /** The author's page. */
  public static final Release CIFAR_100 =
      new Release(
          "cifar-100",
          List.of("https://www.cs.toronto.edu/~kriz/"),
          List.of(
              new ReleasedFile(
                  "cifar-100-binary.tar.gz",
                  168_513_733,
                  "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")));

  /** Copies the lists. */
  public Release {
    homes = List.copyOf(homes);
    files = List.copyOf(files);
  }
}
