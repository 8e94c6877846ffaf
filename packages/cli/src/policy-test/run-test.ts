import { dirname, resolve } from 'node:path';
import {
  createGovernor,
  createMemoryStore,
  type Decision,
  type Detector,
  type EventInit,
  type Governor,
  type Subject,
} from '@flyball/core';
import { messageOf, NotRun } from '../io.ts';
import { NOTHING_KEPT } from '../no-sink.ts';
import { cutsOf } from './cuts.ts';
import {
  milliseconds,
  type EventSpec,
  type Expectation,
  type StepSpec,
  type SubjectSpec,
  type TestFile,
  type TestSpec,
} from './format.ts';

export interface TestResult {
  readonly name: string;
  /** What differs, one line each; empty when the test passed. */
  readonly differences: readonly string[];
}

/** Which rules the tests of a file met. */
export interface Coverage {
  readonly decided: Set<string>;
  readonly matched: Set<string>;
}

/** A governor in a time of its own, which only `advance` moves. */
interface World {
  readonly governor: Governor;
  advance(ms: number): void;
}

async function worldOf(
  { file, policy, detectors }: TestFile,
  { finds = {}, fails = [] }: TestSpec,
  { decided, matched }: Coverage,
): Promise<World> {
  let now = Date.UTC(2026, 0, 1);
  try {
    const governor = await createGovernor({
      policy: { file: resolve(dirname(file), policy) },
      // Both: cooldowns run on the store's time.
      clock: { now: () => now, monotonic: () => now },
      store: createMemoryStore({ now: () => now }),
      hashKey: 'policy test',
      ...NOTHING_KEPT,
      detectors: Object.entries(detectors).map(([id, types]) => standIn(id, types, finds, fails.includes(id))),
      onDecision({ rules, verdict }) {
        for (const { id } of rules) matched.add(id);
        if (verdict.ruleId !== undefined) decided.add(verdict.ruleId);
      },
    });
    return { governor, advance: (ms) => void (now += ms) };
  } catch (error) {
    throw new NotRun(`the policy of \`${file}\` does not load: ${messageOf(error)}`);
  }
}

/** In the place of a detector of the application: reports what the test says, of the whole text. */
function standIn(
  id: string,
  types: readonly string[],
  finds: NonNullable<TestSpec['finds']>,
  fails: boolean,
): Detector {
  const found = types.filter((type) => Object.hasOwn(finds, type));
  return {
    id,
    version: 'stand-in',
    types,
    detect({ text }) {
      if (fails) throw new Error('the test lets it fail');
      return text === '' ? [] : found.map((type) => ({ type, score: finds[type]!, start: 0, end: text.length }));
    },
  };
}

/** Runs one test in a governor of its own, so that no test reads the state of another. */
export async function runTest(test: TestSpec, file: TestFile, coverage: Coverage): Promise<TestResult> {
  const subject = test.subject ?? file.subject;
  if (test.stream !== undefined)
    return { name: test.name, differences: await runStream(test, subject, file, coverage) };
  const world = await worldOf(file, test, coverage);
  try {
    const steps: readonly StepSpec[] = test.steps ?? [{ ...test.event, expect: test.expect! }];
    for (const [index, step] of steps.entries()) {
      const differences = await runStep(step, step.subject ?? subject, world);
      if (differences.length > 0)
        return {
          name: test.name,
          differences: test.steps === undefined ? differences : [`step ${index + 1}`, ...differences],
        };
    }
    return { name: test.name, differences: [] };
  } finally {
    await world.governor.close();
  }
}

async function runStep(step: StepSpec, subject: SubjectSpec, { governor, advance }: World): Promise<readonly string[]> {
  if (step.after !== undefined) advance(milliseconds(step.after));
  const by = { who: 'policy test', why: step.why ?? 'policy test' };
  if (step.halt !== undefined) await governor.control.halt(step.halt, by);
  if (step.resume !== undefined) await governor.control.resume(step.resume, by);
  if (step.expect === undefined) return [];
  for (let time = 1; time <= (step.times ?? 1); time++) {
    const decision = await governor.decide(eventOf(step, subject, governor));
    const differences = differ(step.expect, decision, undefined);
    if (differences.length > 0) return step.times === undefined ? differences : [`time ${time}`, ...differences];
  }
  return [];
}

/** The event of a test, in an interaction of its own. */
export function eventOf(
  spec: EventSpec,
  subject: SubjectSpec,
  governor: Governor,
): ReturnType<ReturnType<Governor['interaction']>['event']> {
  const { stage = 'input', input, content = input, tool, model, route, args, attributes, labels = [] } = spec;
  const interaction = governor.interaction(subject as Subject);
  interaction.addLabels(...labels);
  return interaction.event({
    stage,
    resource: {
      ...(tool !== undefined && { tool }),
      ...(model !== undefined && { model }),
      ...(route !== undefined && { route }),
    },
    ...(content !== undefined && { content }),
    ...(args !== undefined && { args }),
    ...(attributes !== undefined && { attributes }),
  } as EventInit);
}

const AGES_MS = 3650 * 86_400_000;

/** A stream in every way it can be cut: what leaves may never depend on that (G1). */
async function runStream(
  test: TestSpec,
  subject: SubjectSpec,
  file: TestFile,
  coverage: Coverage,
): Promise<readonly string[]> {
  const { governor, advance } = await worldOf(file, test, coverage);
  try {
    for (const { how, parts } of cutsOf(test.stream!)) {
      // No window, cooldown or ladder of one way reaches into the next.
      advance(AGES_MS);
      const gate = await governor.openGate(eventOf({ stage: 'output' }, subject, governor));
      let released = '';
      const take = (pieces: readonly { readonly kind: string; readonly text?: string }[]): void => {
        for (const piece of pieces) if (piece.kind === 'text') released += piece.text;
      };
      for (const part of parts) take(gate.write('text', 'answer', part));
      const { pieces, decision } = await gate.end();
      take(pieces);
      const differences = differ(test.expect!, decision, released);
      if (differences.length > 0) return [how, ...differences];
    }
    return [];
  } finally {
    await governor.close();
  }
}

function differ(expected: Expectation, decision: Decision, released: string | undefined): readonly string[] {
  const { retryAfter, ...plain } = expected;
  const found: { readonly [field in keyof Expectation]: unknown } = {
    outcome: decision.outcome,
    reason: decision.reason,
    rule: decision.ruleId,
    rules: decision.rules.map(({ id }) => id),
    labels: decision.labels,
    errors: decision.errors.map(({ part, id, code }) => `${part} ${id} ${code}`),
    mode: decision.mode,
    released,
  };
  const wanted = Object.entries({
    ...plain,
    ...(retryAfter !== undefined && { retryAfter: milliseconds(retryAfter) }),
  });
  return wanted.flatMap(([field, value]) => {
    const got = field === 'retryAfter' ? decision.retryAfterMs : found[field as keyof Expectation];
    return JSON.stringify(value) === JSON.stringify(got)
      ? []
      : [`${field}: expected ${JSON.stringify(value)}, got ${JSON.stringify(got)}`];
  });
}
