import type { TestTools } from './test-tools.ts';
import { besides } from './cases/besides.ts';
import { conversations } from './cases/conversations.ts';
import { cooldowns } from './cases/cooldowns.ts';
import { evidence } from './cases/evidence.ts';
import { failures } from './cases/failures.ts';
import { halts } from './cases/halts.ts';
import { inputs } from './cases/inputs.ts';
import { isolation } from './cases/isolation.ts';
import { jsonAnswers } from './cases/json-answers.ts';
import { madeOnce } from './cases/made-once.ts';
import { outputs } from './cases/outputs.ts';
import { streams } from './cases/streams.ts';
import { toolCalls } from './cases/tool-calls.ts';
import { toolResults } from './cases/tool-results.ts';
import { transparency } from './cases/transparency.ts';
import type { AdapterHarness } from './harness.ts';
import { openTrial, type Case } from './trial.ts';

/** Cases that an adapter cannot pass, by name, each with the reason its users are told. */
export type Unsupported = { readonly [name: string]: string };

export interface SuiteOptions {
  /** The test framework's own functions: vitest, jest and `node:test` with any `expect` have them. */
  readonly tools: TestTools;
  /**
   * Honest exceptions. A name that no case has fails, and so does a listed case that passes: the list is the truth
   * about the adapter, or the suite is red.
   */
  readonly unsupported?: Unsupported;
  /**
   * How long one case may take, in milliseconds. Default 4,000: less than test frameworks grant, so that the case is
   * named.
   */
  readonly timeoutMs?: number;
}

const GROUPS: { readonly [name: string]: readonly Case[] } = {
  'pass-through': transparency,
  prompts: inputs,
  answers: outputs,
  streams,
  'what stands beside answers': besides,
  'declared JSON': jsonAnswers,
  conversations,
  'tool calls': toolCalls,
  'tool results': toolResults,
  failures,
  cooldowns,
  halts,
  evidence,
  isolation,
  'what is made once': madeOnce,
};

/** Names of all cases, in order. */
export const ADAPTER_CASES: readonly string[] = Object.values(GROUPS).flatMap((cases) => cases.map(({ name }) => name));

/** The promises that every adapter keeps. Call it in a test file with the framework's own functions. */
export function describeAdapter(name: string, harness: AdapterHarness, options: SuiteOptions): void {
  const { tools, unsupported = {}, timeoutMs = 4000 } = options;
  const { describe, it, expect } = tools;

  const run = async ({ run }: Case): Promise<void> => {
    const trial = openTrial(harness, expect);
    try {
      await inTime(
        run(trial).then(async () => trial.settled()),
        timeoutMs,
      );
    } finally {
      await inTime(trial.close(), timeoutMs);
    }
  };

  for (const [group, cases] of Object.entries(GROUPS)) {
    describe(`${name}: ${group}`, () => {
      for (const one of cases) {
        const reason = Object.hasOwn(unsupported, one.name) ? unsupported[one.name] : undefined;
        if (reason === undefined) it(one.name, async () => run(one));
        else it(`${one.name} (not supported: ${reason})`, async () => fails(run(one)));
      }
    });
  }

  describe(`${name}: what it does not support`, () => {
    it('is listed by the names of cases, with reasons', async () => {
      expect(Object.keys(unsupported).filter((listed) => !ADAPTER_CASES.includes(listed))).toEqual([]);
      expect(Object.entries(unsupported).filter(([, reason]) => reason.trim() === '')).toEqual([]);
    });
  });
}

async function fails(running: Promise<void>): Promise<void> {
  const failed = await running.then(
    () => false,
    () => true,
  );
  if (!failed) throw new Error('the case passes although it is listed as unsupported: take it off the list');
}

async function inTime(running: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the case did not end within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}
