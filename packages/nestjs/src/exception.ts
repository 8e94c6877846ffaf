import type { Decision } from '@flyball/core/adapter';
import type { Denial } from '@flyball/http';
import { HttpException } from '@nestjs/common';

/**
 * What a stopped call ends with where Nest tells of errors: an `HttpException`, so that Nest's own filters and those of
 * applications treat it as one of theirs. Its response is the problem, which holds neither rules nor what matched.
 */
export class GovernanceException extends HttpException {
  readonly denial: Denial;
  /** What the caller is told: the problem, or the application's words of `onDenied`. */
  readonly body: object;

  constructor(denial: Denial, body: object = denial.problem) {
    super({ ...body }, denial.status);
    this.name = 'GovernanceException';
    this.message = denial.problem.detail;
    this.denial = denial;
    this.body = body;
  }

  /** The whole decision, for the server's own code: it names rules. */
  get decision(): Decision {
    return this.denial.decision;
  }

  /** True where the application has said it in its own words. */
  get isWorded(): boolean {
    return this.body !== this.denial.problem;
  }
}
