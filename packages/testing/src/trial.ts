import {
  createGovernor,
  createMemorySink,
  type AuditRecord,
  type Decision,
  type Detector,
  type Governor,
  type PolicyDocument,
  type Sink,
  type Stage,
} from '@flyball/core';
import type { TestTools } from './test-tools.ts';
import type { AdapterHarness, Answer, Ask, GovernedApp } from './harness.ts';
import { HARMLESS, spoken, SUPPORT_POLICY } from './scripts.ts';

/** One promise, tried on an adapter. Its name begins with the number of the guarantee where there is one. */
export interface Case {
  readonly name: string;
  run(trial: Trial): Promise<void>;
}

/** What a case works with. */
export interface Trial {
  readonly expect: TestTools['expect'];
  /** An application of the adapter's framework under this policy; default: the support assistant's. */
  govern(setup?: Setup): Promise<Governed>;
}

export interface Setup {
  readonly policy?: PolicyDocument;
  readonly detectors?: readonly Detector[];
  /** Where records go; default: memory. */
  readonly audit?: Sink;
  /** The application's own words for a refusal. */
  readonly wording?: () => string;
  /** What is governed is made once and serves all. */
  readonly madeOnce?: true;
}

export interface Governed {
  readonly governor: Governor;
  /** Asks with what is given; the rest is Ada asking for her parcel in a stream and being told. */
  ask(request?: Partial<Ask>): Promise<Answer>;
  /** Decisions on events of the stage, oldest first, once the condition holds for them. */
  decisions(stage: Stage, until?: (found: readonly Decision[]) => boolean): Promise<readonly Decision[]>;
  records(): readonly AuditRecord[];
}

/** A trial, and what comes after it. */
export interface OpenTrial extends Trial {
  /** Whatever the case was about, no stream stays open behind it. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export const ADA = { tenant: 'acme', user: 'ada' };
export const BOB = { tenant: 'acme', user: 'bob' };
export const QUESTION = 'Where is my parcel?';
const OPERATOR = { who: 'suite', why: 'a case of the suite' };

export const halt = async ({ control }: Governor, scope: object = {}): Promise<void> =>
  void (await control.halt(scope, OPERATOR));
export const resume = async ({ control }: Governor, scope: object = {}): Promise<void> =>
  control.resume(scope, OPERATOR);
export const setMode = async ({ control }: Governor, mode: 'enforce' | 'shadow' | 'off'): Promise<void> =>
  void (await control.setMode({}, mode, OPERATOR));

export function openTrial(harness: AdapterHarness, expect: TestTools['expect']): OpenTrial {
  const open: { readonly governor: Governor; readonly app: GovernedApp }[] = [];
  return {
    expect,
    async govern({ policy = SUPPORT_POLICY, detectors = [], audit, wording, madeOnce } = {}) {
      const sink = createMemorySink();
      const governor = await createGovernor({ policy, detectors, audit: audit ?? sink });
      const app = await harness.open(governor, { ...(wording && { wording }), ...(madeOnce && { madeOnce }) });
      open.push({ governor, app });
      return {
        governor,
        ask: async (request) =>
          app.ask({ subject: ADA, prompt: QUESTION, turns: [spoken(HARMLESS)], stream: true, ...request }),
        async decisions(stage, until = (found) => found.length > 0) {
          const find = (): readonly Decision[] =>
            sink
              .records()
              .flatMap((record) =>
                record.kind === 'decision' && record.event.stage === stage ? [record.decision] : [],
              );
          // A framework may hand over the end of an answer before it tells the adapter.
          await eventually(() => until(find()));
          return find();
        },
        records: () => sink.records(),
      };
    },
    async settled() {
      for (const { governor } of open) {
        await eventually(() => governor.status().openGates === 0);
        expect(['streams left open', governor.status().openGates]).toEqual(['streams left open', 0]);
      }
    },
    async close() {
      for (const { governor, app } of open.splice(0)) {
        await app.close();
        await governor.close();
      }
    },
  };
}

/** Waits until it holds, for a second at most; the case then finds that it does not. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !holds(); tries++) await pause(10);
}

export async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

const WAYS = [
  [true, 'streamed'],
  [false, 'not streamed'],
] as const;

/** The same case for an answer that is delivered as it is written, and for one that is delivered whole. */
export function bothWays(name: string, run: (trial: Trial, stream: boolean) => Promise<void>): readonly Case[] {
  return WAYS.map(([stream, how]) => ({ name: `${name}, ${how}`, run: (trial) => run(trial, stream) }));
}
