import type { Usage } from './asker.ts';
import { JudgeError } from './judge-error.ts';
import type { Settings } from './options.ts';

/** Repetitions that may be in store: a burst of failures does not become twice the load. */
const MOST_REPETITIONS = 10;

/** Which share of calls may be repetitions. Each call earns a part of one. */
export class RetryBudget {
  readonly #share: number;
  #earned = 1;

  constructor(share: number) {
    this.#share = share;
  }

  earn(): void {
    this.#earned = Math.min(MOST_REPETITIONS, this.#earned + this.#share);
  }

  take(): boolean {
    if (this.#earned < 1) return false;
    this.#earned -= 1;
    return true;
  }
}

/** What was used, and what may be used in a length of time: a fixed window from the first call on. */
export class Spending {
  readonly #judge: string;
  readonly #limit: Settings['limit'];
  readonly #price: Settings['price'];
  inputTokens = 0;
  outputTokens = 0;
  cost = 0;
  #since = Number.NEGATIVE_INFINITY;
  #calls = 0;
  #tokens = 0;
  #spent = 0;

  constructor(judge: string, { limit, price }: Pick<Settings, 'limit' | 'price'>) {
    this.#judge = judge;
    this.#limit = limit;
    this.#price = price;
  }

  /**
   * Throws `JUDGE_LIMIT` where nothing is left. What a call will use is known afterwards, so what is under way may go
   * beyond.
   */
  admit(now: number): void {
    const limit = this.#limit;
    if (limit === undefined) return;
    if (now - this.#since >= limit.perMs) {
      this.#since = now;
      this.#calls = this.#tokens = this.#spent = 0;
    }
    const used: readonly [what: string, used: number, allowed: number | undefined][] = [
      ['calls', this.#calls, limit.calls],
      ['tokens', this.#tokens, limit.tokens],
      ['cost', this.#spent, limit.cost],
    ];
    for (const [what, spent, allowed] of used) {
      if (allowed === undefined || spent < allowed) continue;
      throw new JudgeError(
        'JUDGE_LIMIT',
        `judge \`${this.#judge}\` has used its ${what} (${allowed} in ${limit.perMs} ms)`,
        {
          failure: 'UNAVAILABLE',
        },
      );
    }
    this.#calls++;
  }

  used({ inputTokens, outputTokens }: Usage): void {
    const cost = (inputTokens * this.#price.input + outputTokens * this.#price.output) / 1e6;
    this.inputTokens += inputTokens;
    this.outputTokens += outputTokens;
    this.cost += cost;
    this.#tokens += inputTokens + outputTokens;
    this.#spent += cost;
  }
}
