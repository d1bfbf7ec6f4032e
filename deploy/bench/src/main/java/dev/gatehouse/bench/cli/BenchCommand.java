package dev.gatehouse.bench.cli;

import picocli.CommandLine.Command;

/** {@code bench}: measurements against what Gatehouse is to beat. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures Gatehouse against what it is to beat.",
    subcommands = {
      BenchTrainCommand.class,
      BenchEngineCommand.class,
      BenchServeCommand.class,
      BenchScaleCommand.class,
      BenchStartCommand.class
    })
public final class BenchCommand {}
