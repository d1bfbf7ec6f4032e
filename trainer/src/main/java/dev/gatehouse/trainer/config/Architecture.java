package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.Network;

/**
 * A named pair of networks.
 *
 * @param name as {@code --architecture} takes it
 * @param about one line for people
 * @param expert the network of every expert
 * @param gate the gate's network
 */
public record Architecture(String name, String about, Network expert, Network gate) {}
