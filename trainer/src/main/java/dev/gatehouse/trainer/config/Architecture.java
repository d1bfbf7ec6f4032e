package dev.gatehouse.trainer.config;

/**
 * A named pair of networks.
 *
 * @param name as {@code --architecture} takes it
 * @param about one line for people
 * @param networks of experts and gate
 */
public record Architecture(String name, String about, Networks networks) {}
