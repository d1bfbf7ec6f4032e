package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.Network;

/**
 * The two networks of a mixture.
 *
 * @param expert of every expert
 * @param gate of the gate
 */
public record Networks(Network expert, Network gate) {}
