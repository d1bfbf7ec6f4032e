package dev.gatehouse.cli.quickstart;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a quickstart found; its JSON.
 *
 * @param dataset name of the data set
 * @param experts number of experts, M
 * @param topK experts chosen a row
 * @param testRows rows sent over gRPC
 * @param testAccuracy share of them that the server answered with the true class
 * @param singleAccuracy accuracy of one network of an expert's size on the same rows
 * @param attentiveAccuracy accuracy of the attentive mixture, which runs every expert, on them
 * @param familyInformation I(expert; family) of the rows sent, bits; null where the data have no
 *     families
 * @param expertHits [experts] hits that the server counted
 * @param expertComputedRows [experts] rows that the server's experts computed
 * @param expertsComputedPerRow computed rows over rows
 * @param expertByClass [experts][classes] rows of each true class by expert
 * @param classes names of the classes
 * @param maxAbsDiff largest difference between served and trained model on the self-test
 * @param seconds time of each stage
 * @param bytes size of what each stage left on the disk
 * @param grpc address of gRPC
 * @param http address of HTTP
 * @param bundle folder of the bundle
 */
public record QuickstartReport(
    String dataset,
    int experts,
    int topK,
    int testRows,
    double testAccuracy,
    double singleAccuracy,
    double attentiveAccuracy,
    @Nullable Double familyInformation,
    List<Long> expertHits,
    List<Long> expertComputedRows,
    double expertsComputedPerRow,
    List<List<Long>> expertByClass,
    List<String> classes,
    double maxAbsDiff,
    Map<String, Double> seconds,
    Map<String, Long> bytes,
    String grpc,
    String http,
    String bundle) {}
