package dev.gatehouse.service.web;

/** What stands at an address. */
@FunctionalInterface
public interface Resource {
  /**
   * Answers.
   *
   * @throws dev.gatehouse.proto.BadInput for a question that has no answer: status 400
   * @throws dev.gatehouse.service.repository.UnknownModel status 404
   * @throws dev.gatehouse.service.repository.Draining status 503
   */
  Page answer(Question question);
}
