import type { EventInit, PolicyDocument } from '@flyball/core';
import { candidatesFor, factsOf, nested, type Candidate, type Facts } from './candidates.ts';
import type { ExampleText } from '@flyball/core/evidence';

type Limit = NonNullable<PolicyDocument['limits']>[number];
type Ladder = NonNullable<PolicyDocument['cooldowns']>[number];
type Rule = NonNullable<PolicyDocument['rules']>[number];

/** The same event so often, at the same time, after some time without any. */
export interface Step {
  readonly event: EventInit;
  readonly times: number;
  readonly afterMs: number;
}

/** Events one after the other that might tell two policies apart, and how a person calls the event they are made of. */
export interface Sequence {
  readonly about: string;
  readonly steps: readonly Step[];
}

/** A limit above it is not tried: a person waits. */
const MOST_EVENTS = 500;
const UNIT_MS: { readonly [unit: string]: number } = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** `10m` in milliseconds; periods of the calendar are not tried. */
const lengthOf = (text: string): number | undefined => {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNIT_MS[unit!]!;
};

const numbersIn = (allow: number | string): readonly number[] =>
  typeof allow === 'number' ? [allow] : (allow.match(/(?<![\w.])\d+(?:\.\d+)?/g) ?? []).map(Number);

/** As many events as either version allows and one more; then one more when either has forgotten. */
export function sequencesForLimit(versions: readonly Limit[]): readonly Sequence[] {
  const most = versions.flatMap(({ allow }) => numbersIn(allow));
  const waits = waitsOf(versions.flatMap(({ per }) => lengthOf(per) ?? []));
  const sequences: Sequence[] = [];
  for (const { on = 'input', tool, unit = 'interactions', allow } of versions)
    for (const stage of list(on))
      for (const facts of typeof allow === 'string' ? factsOf([allow]) : [NO_FACTS]) {
        const resource =
          list(tool).length > 0 ? { tool: list(tool)[0]! } : stage === 'tool_call' ? { tool: 'some_tool' } : {};
        if (unit.startsWith('tool.args.')) {
          // The smallest is the nearest to what people do.
          for (const amount of [...new Set(most.flatMap((n) => [n, n + 1]))].sort((a, b) => a - b))
            sequences.push(of(stage, resource, { ...facts, args: { ...facts.args, [unit.slice(10)]: amount } }, 1, []));
          continue;
        }
        if (!COUNTED.has(unit)) continue;
        const times = Math.min(MOST_EVENTS, Math.max(1, ...most) + 1);
        sequences.push(of(stage, resource, facts, times, waits));
      }
  return sequences;
}

const NO_FACTS: Facts = { args: {}, attributes: {} };
/** Units that events alone use up; what is reported is the application's. */
const COUNTED: ReadonlySet<string> = new Set(['interactions', 'events', 'in_flight', 'repeats']);

function of(
  stage: string,
  resource: { readonly tool?: string },
  { args, attributes }: Facts,
  times: number,
  waits: readonly number[],
): Sequence {
  const text = stage === 'tool_call' ? { args: nested(args) } : { content: 'hello' };
  const event = { stage, resource, attributes, ...text } as EventInit;
  const facts = { ...args, ...attributes };
  const about = [
    stage,
    ...Object.values(resource),
    ...(Object.keys(facts).length === 0 ? [] : [JSON.stringify(facts)]),
  ];
  return {
    about: about.join(' '),
    steps: [{ event, times, afterMs: 0 }, ...waits.map((afterMs) => ({ event, times: 1, afterMs }))],
  };
}

/** A moment before and after each of some lengths, as steps from one to the next. */
function waitsOf(lengths: readonly number[]): readonly number[] {
  const moments = [...new Set(lengths)].sort((a, b) => a - b).flatMap((ms) => [ms - 1000, ms + 1000]);
  return moments.map((at, index) => at - (moments[index - 1] ?? 0)).filter((ms) => ms > 0);
}

/**
 * Offences as many as either version forgives and one more; then something harmless before and after each cooldown's
 * end.
 */
export function sequencesForLadder(
  versions: readonly Ladder[],
  rules: readonly Rule[],
  texts: readonly ExampleText[],
): readonly Sequence[] {
  const times = Math.min(MOST_EVENTS, Math.max(...versions.map(({ after }) => after.strikes)) + 1);
  const waits = waitsOf(versions.flatMap((ladder) => lengthOf(ladder.for) ?? []));
  const harmless = { stage: 'input', content: 'hello' } as EventInit;
  const ids = versions.map(({ id }) => id);
  const striking = rules.filter(
    ({ strike, ladder }) => Object.keys(strike ?? {}).some((id) => ids.includes(id)) || ids.includes(ladder ?? ''),
  );
  return striking.flatMap((rule) =>
    candidatesFor([rule], texts).map(({ event, about }: Candidate): Sequence => ({
      about,
      steps: [{ event, times, afterMs: 0 }, ...waits.map((afterMs) => ({ event: harmless, times: 1, afterMs }))],
    })),
  );
}
