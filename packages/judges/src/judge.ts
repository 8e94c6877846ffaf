import type { Detector, DetectorInput, Finding, NotAsked } from '@flyball/core';
import { defineDetector } from '@flyball/core';
import { notify } from '@flyball/core/adapter';
import { LRUCache } from 'lru-cache';
import type { Answers, Asker, Opinion, Passage } from './asker.ts';
import { Batcher } from './batcher.ts';
import { Spending } from './budget.ts';
import { checked } from './checked.ts';
import { Flight } from './flight.ts';
import { JudgeError, notAgain } from './judge-error.ts';
import { keyedHash, shareOf } from './keyed-hash.ts';
import type { Judgement, JudgeStats, Settings } from './options.ts';
import { stretchesOf, type Stretch } from './passages.ts';
import { Resilience } from './resilience.ts';

/** A detector that asks a model. Give it to `createGovernor({ detectors })`, and name its types in rules. */
export interface Judge extends Detector {
  /** How it has done since it was made. */
  readonly stats: () => JudgeStats;
}

/**
 * The governor's own deadline comes a little later, so that a judgement that was late is told by whoever knows more of
 * it.
 */
const SLACK_MS = 100;

/**
 * A detector of an asker. One text on its way:
 *
 *   detect ─→ sample ─→ stretches ─→ cache ─→ flight (one for equal texts) ─→ Resilience.run ─→ Batcher ─→ bulkhead ─→ Asker.ask
 */
export function makeJudge(asker: Asker, settings: Settings): Judge {
  const run = new JudgeRun(asker, settings);
  const detector = defineDetector({
    id: asker.id,
    version: versionOf(asker, settings),
    types: asker.types,
    deadlineMs: settings.deadlineMs + SLACK_MS,
    ...(settings.window !== undefined && { window: settings.window }),
    detect: (input) => run.findingsIn(input),
  });
  // Not enumerable: the governor takes a copy of what a detector declares, and this is not part of it.
  const judge = { ...detector };
  Object.defineProperty(judge, 'stats', { value: (): JudgeStats => run.stats });
  return Object.freeze(judge) as Judge;
}

/** How text is cut decides what the model sees of it. How many windows are under way does not. */
function versionOf({ version }: Asker, { from, maxUnits, share, window }: Settings): string {
  const { first, step, overlap, margin, clockMs } = window ?? {};
  const cut = window === undefined ? 'whole' : [first, step, overlap, margin, clockMs].join();
  return `${version};from=${from};max=${maxUnits};window=${cut}${share === 1 ? '' : `;share=${share}`}`;
}

type Counted = 'wanted' | 'notAsked' | 'calls' | Judgement['outcome'];

class JudgeRun {
  readonly #asker: Asker;
  readonly #settings: Settings;
  readonly #resilience: Resilience;
  readonly #spending: Spending;
  readonly #batcher: Batcher;
  readonly #hash: (text: string) => Promise<string>;
  readonly #known: LRUCache<string, Opinion> | undefined;
  readonly #flights = new Map<string, Flight<Opinion>>();
  readonly #counts: { [C in Counted]: number } = {
    ...{ wanted: 0, notAsked: 0, calls: 0 },
    ...{ answered: 0, cached: 0, joined: 0, late: 0, failed: 0, cancelled: 0 },
  };

  constructor(asker: Asker, settings: Settings) {
    this.#asker = asker;
    this.#settings = settings;
    this.#resilience = new Resilience(asker.id, settings);
    this.#spending = new Spending(asker.id, settings);
    this.#hash = keyedHash(settings.hashKey);
    const { cache } = settings;
    if (cache !== undefined) this.#known = new LRUCache<string, Opinion>({ max: cache.entries, ttl: cache.forMs });
    this.#batcher = new Batcher(asker.batch ?? 1, settings.batchMs, (passages, signal) => this.#call(passages, signal));
  }

  get stats(): JudgeStats {
    const { inputTokens, outputTokens, cost } = this.#spending;
    const { repeated, state: breaker } = this.#resilience;
    return { ...this.#counts, repeated, inputTokens, outputTokens, cost, breaker };
  }

  async findingsIn({ text, role = 'user', settled, signal }: DetectorInput): Promise<readonly Finding[] | NotAsked> {
    const { share, maxUnits } = this.#settings;
    if (share < 1 && shareOf(await this.#hash(text)) >= share) {
      this.#counts.notAsked++;
      return 'not_asked';
    }
    const judged = stretchesOf(text, maxUnits).map(async (stretch) =>
      this.#findings(await this.#opinion({ text: stretch.text, role }, signal), stretch, settled),
    );
    return (await Promise.all(judged)).flat();
  }

  #findings({ scores }: Opinion, { start, text, shown }: Stretch, settled: number): readonly Finding[] {
    const end = start + text.length;
    // What is said of the whole is said of what is new in it.
    const open = Math.min(Math.max(start + shown, settled), end - 1);
    return scores
      .filter(({ score }) => score > 0 && score >= this.#settings.from)
      .map((one): Finding => ({
        type: one.type,
        score: one.score,
        start: one.start === undefined ? open : start + one.start,
        end: one.end === undefined ? end : start + one.end,
      }));
  }

  async #opinion(passage: Passage, signal: AbortSignal): Promise<Opinion> {
    const startedAt = performance.now();
    this.#counts.wanted++;
    const key = await this.#hash(`${passage.role}\n${passage.text}`);
    const known = this.#known?.get(key);
    if (known !== undefined) return this.#told('cached', startedAt, known);
    let flight = this.#flights.get(key);
    const joins = flight !== undefined && !flight.isLeft;
    try {
      // Nobody is asked for somebody who has left.
      signal.throwIfAborted();
      if (flight === undefined || flight.isLeft) flight = this.#take(key, passage);
      return this.#told(joins ? 'joined' : 'answered', startedAt, await flight.wait(signal));
    } catch (error) {
      const left = signal.aborted && !(error instanceof JudgeError);
      this.#tell({
        outcome: left ? 'cancelled' : 'failed',
        ms: performance.now() - startedAt,
        scores: [],
        ...saidBy(error),
      });
      throw error;
    }
  }

  #take(key: string, passage: Passage): Flight<Opinion> {
    const flight: Flight<Opinion> = new Flight(async (left) => {
      try {
        const endsAt = performance.now() + this.#settings.deadlineMs;
        const opinion = await this.#resilience.run(() => this.#attempt(key, passage, endsAt, left), left);
        this.#known?.set(key, opinion);
        return opinion;
      } finally {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      }
    });
    this.#flights.set(key, flight);
    return flight;
  }

  /** One attempt, not waited for beyond the deadline. What comes later is told, and remembered for who asks next. */
  #attempt(key: string, passage: Passage, endsAt: number, left: AbortSignal): Promise<Opinion> {
    const { deadlineMs, lateMs } = this.#settings;
    // A repetition waits a while, and in the meantime everybody may have left.
    if (left.aborted) return Promise.reject(left.reason as Error);
    const startedAt = performance.now();
    const call = new AbortController();
    const leave = (): void => call.abort(left.reason);
    left.addEventListener('abort', leave, { once: true });
    return new Promise((resolve, reject) => {
      let isLate = false;
      let timer = setTimeout(
        () => {
          isLate = true;
          reject(
            new JudgeError('JUDGE_TIMEOUT', `judge \`${this.#asker.id}\` did not answer within ${deadlineMs} ms`, {
              failure: 'TIMEOUT',
            }),
          );
          timer = setTimeout(leave, lateMs);
        },
        Math.max(0, endsAt - startedAt),
      );
      const over = (): void => {
        clearTimeout(timer);
        left.removeEventListener('abort', leave);
      };
      this.#batcher.ask(passage, call.signal).then(
        ({ opinion, usage }) => {
          over();
          if (usage !== undefined) this.#spending.used(usage);
          if (!isLate) return resolve(opinion);
          this.#known?.set(key, opinion);
          this.#told('late', startedAt, opinion);
        },
        (error: Error) => {
          over();
          reject(inTime(error, endsAt - performance.now()));
        },
      );
    });
  }

  #call(passages: readonly Passage[], signal: AbortSignal): Promise<Answers> {
    return this.#resilience.inBulkhead(async () => {
      signal.throwIfAborted();
      this.#spending.admit(performance.now());
      this.#counts.calls++;
      try {
        return checked(this.#asker, await this.#asker.ask(passages, signal), passages);
      } catch (error) {
        if (error instanceof JudgeError || signal.aborted) throw error;
        throw new JudgeError('JUDGE_UNREACHABLE', `judge \`${this.#asker.id}\` could not be asked`, {
          failure: 'UNAVAILABLE',
          again: true,
          cause: error,
        });
      }
    });
  }

  #told(outcome: Judgement['outcome'], startedAt: number, opinion: Opinion): Opinion {
    const scores = opinion.scores.filter(({ score }) => score > 0).map(({ type, score }) => ({ type, score }));
    this.#tell({ outcome, ms: performance.now() - startedAt, scores });
    return opinion;
  }

  #tell(told: Omit<Judgement, 'judge'>): void {
    this.#counts[told.outcome]++;
    const { onJudgement } = this.#settings;
    if (onJudgement !== undefined) notify([onJudgement], [{ judge: this.#asker.id, ...told }]);
  }
}

const saidBy = (error: unknown): Pick<Judgement, 'code' | 'message'> =>
  error instanceof JudgeError ? { code: error.code, message: error.message } : {};

/** Whoever wants to be left alone for longer than is left is not asked again. */
function inTime(error: Error, leftMs: number): Error {
  if (!(error instanceof JudgeError) || !error.again || (error.retryAfterMs ?? 0) < leftMs) return error;
  return notAgain(error);
}
