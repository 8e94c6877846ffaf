import { messageOf } from '../warnings.ts';

/** How often what is too old is looked for. */
const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** At least six months, which is how long EU law wants logs of AI systems kept. */
export const KEEP_DAYS = 183;

export interface RetentionParts {
  /** Records that are older go. `Infinity`: nothing is looked for. */
  readonly keepDays: number;
  /**
   * Takes some away that are older than `before` (milliseconds since the epoch), and says so in the log. Answers
   * whether there may be more.
   */
  sweep(before: number): Promise<boolean>;
  say(message: string): void;
}

/** Keeps the declared time by itself: looks at the start and each hour for what is too old. */
export interface Retention {
  /** Looks now; resolves when nothing more is too old, or `stop` was called. */
  run(): Promise<void>;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Who takes away what is too old, and why, as its record says it. */
export const retentionOf = (days: number, log?: string): { readonly who: string; readonly why: string } => ({
  who: 'retention',
  why: `older than ${days} days${log === undefined ? '' : ` (log ${log})`}`,
});

export function createRetention({ keepDays, sweep, say }: RetentionParts): Retention {
  let running: Promise<void> | undefined;
  const stopping = new AbortController();
  let isFailing = false;

  async function sweepAll(): Promise<void> {
    try {
      for (let more = true; more && !stopping.signal.aborted;) more = await sweep(Date.now() - keepDays * DAY_MS);
      isFailing = false;
    } catch (error) {
      // In an hour it is tried again; said once.
      if (!isFailing && !stopping.signal.aborted)
        say(`records that are older than ${keepDays} days cannot be removed: ${messageOf(error)}`);
      isFailing = true;
    }
  }

  const run = (): Promise<void> => {
    if (keepDays === Infinity || stopping.signal.aborted) return Promise.resolve();
    return (running ??= sweepAll().finally(() => void (running = undefined)));
  };
  const timer = setInterval(() => void run(), EVERY_MS);
  timer.unref();
  return {
    run,
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await running;
    },
  };
}
