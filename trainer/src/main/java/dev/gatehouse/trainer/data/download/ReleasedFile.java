package dev.gatehouse.trainer.data.download;

/**
 * A file of a release.
 *
 * @param name of the file
 * @param bytes its size
 * @param sha256 of its content, lower-case hexadecimal
 */
public record ReleasedFile(String name, long bytes, String sha256) {}
