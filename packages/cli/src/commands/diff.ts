import {
  createGovernor,
  createMemoryStore,
  PolicyError,
  type Decision,
  type Governor,
  type PolicyDocument,
} from '@flyball/core';
import { exampleTexts, readPolicy } from '@flyball/core/evidence';
import { candidatesFor, type Candidate } from '../diff/candidates.ts';
import { changesBetween, type Change } from '../diff/changes.ts';
import { sequencesForLadder, sequencesForLimit, type Sequence } from '../diff/sequences.ts';
import { EXIT, messageOf, NotRun, type Answer } from '../io.ts';
import { NOTHING_KEPT } from '../no-sink.ts';

interface Example {
  readonly event: string;
  readonly before: string;
  readonly after: string;
  readonly stricter: boolean;
  /** How far apart the two decisions are. */
  readonly weight: number;
}

interface Compared extends Change {
  readonly examples: readonly Example[];
  readonly tried: number;
}

const MOST_EXAMPLES = 3;

/** What changes in meaning between two policies, with events that they decide in different ways. */
export async function diff(before: string, after: string): Promise<Answer> {
  const [old, next] = [await opened(before), await opened(after)];
  try {
    const compared: Compared[] = [];
    for (const change of changesBetween(old.document, next.document)) compared.push(await compare(change, old, next));
    const examples = compared.flatMap((one) => one.examples);
    const stricter = compared.filter((one) => one.examples.some((example) => example.stricter)).length;
    const looser = compared.filter((one) => one.examples.some((example) => !example.stricter)).length;
    const count = (what: Change['what']): number => compared.filter((one) => one.what === what).length;
    return {
      exit: EXIT.yes,
      lines: [
        ...compared.flatMap(linesOf),
        compared.length === 0
          ? 'the same in meaning'
          : `${count('changed')} changed, ${count('new')} new, ${count('removed')} removed; ${stricter} with events that are stopped or masked now, ${looser} with events that pass now`,
      ],
      json: { changes: compared, examples: examples.length, stricter, looser },
    };
  } finally {
    await old.governor.close();
    await next.governor.close();
  }
}

interface Opened {
  readonly document: PolicyDocument;
  readonly governor: Governor;
  /** In a time of its own, which nothing else moves. */
  advance(ms: number): void;
}

async function opened(file: string): Promise<Opened> {
  try {
    const document = await readPolicy({ file });
    let now = Date.UTC(2026, 0, 1);
    const governor = await createGovernor({
      policy: { file },
      ...NOTHING_KEPT,
      clock: { now: () => now, monotonic: () => now },
      store: createMemoryStore({ now: () => now }),
    });
    return { document, governor, advance: (ms) => void (now += ms) };
  } catch (error) {
    if (error instanceof PolicyError) throw new NotRun(`\`${file}\` does not load: ask \`flyball check ${file}\``);
    throw new NotRun(messageOf(error));
  }
}

async function compare(change: Change, old: Opened, next: Opened): Promise<Compared> {
  if (change.rule === undefined) return compareInTime(change, old, next);
  const versions = [old, next].flatMap(({ document }) => document.rules?.filter(({ id }) => id === change.rule) ?? []);
  const texts = [...(await exampleTexts(old.document)), ...(await exampleTexts(next.document))];
  const candidates = candidatesFor(versions, texts);
  const examples: Example[] = [];
  for (const candidate of candidates) {
    const [a, b] = [await decided(old, candidate), await decided(next, candidate)];
    if (inShort(a) === inShort(b)) continue;
    examples.push({
      event: candidate.about,
      before: inShort(a),
      after: inShort(b),
      stricter: rank(b) > rank(a),
      weight: Math.abs(rank(b) - rank(a)),
    });
    // One of each kind tells enough.
    if (examples.length >= MOST_EXAMPLES && new Set(examples.map(({ stricter }) => stricter)).size > 1) break;
  }
  const shown = [...new Map(examples.map((one) => [`${one.before} ${one.after}`, one])).values()];
  // Stops and masks tell more than what is or is not covered.
  shown.sort((a, b) => b.weight - a.weight);
  return { ...change, examples: shown.slice(0, MOST_EXAMPLES), tried: candidates.length };
}

/**
 * Limits and cooldowns are about many events: the first of a sequence that the two policies decide in different ways.
 */
async function compareInTime(change: Change, old: Opened, next: Opened): Promise<Compared> {
  const sequences = await sequencesFor(change, old, next);
  for (const { about, steps } of sequences) {
    const found = await firstDifference(steps, old, next);
    if (found === undefined) continue;
    const { a, b, times, afterMs } = found;
    const when =
      afterMs === 0 ? `the ${ordinal(times)} ${about} in a row` : `${inWords(afterMs)} after ${times} × ${about}`;
    const example = { event: when, before: inShort(a), after: inShort(b), stricter: rank(b) > rank(a), weight: 1 };
    return { ...change, examples: [example], tried: sequences.length };
  }
  return { ...change, examples: [], tried: sequences.length };
}

async function sequencesFor({ name }: Change, old: Opened, next: Opened): Promise<readonly Sequence[]> {
  const [, kind, id] = /^(limit|cooldown) `(.+)`$/.exec(name) ?? [];
  const documents = [old.document, next.document];
  if (kind === 'limit')
    return sequencesForLimit(documents.flatMap(({ limits = [] }) => limits.filter((one) => one.id === id)));
  if (kind !== 'cooldown') return [];
  const ladders = documents.flatMap(({ cooldowns = [] }) => cooldowns.filter((one) => one.id === id));
  const texts = [...(await exampleTexts(old.document)), ...(await exampleTexts(next.document))];
  return sequencesForLadder(
    ladders,
    documents.flatMap(({ rules = [] }) => rules),
    texts,
  );
}

const AGES_MS = 3650 * 86_400_000;

async function firstDifference(
  steps: Sequence['steps'],
  old: Opened,
  next: Opened,
): Promise<
  { readonly a: Decision; readonly b: Decision; readonly times: number; readonly afterMs: number } | undefined
> {
  const subject = { tenant: `diff-${tenants++}`, user: 'diff' };
  let [times, afterMs] = [0, 0];
  try {
    for (const step of steps) {
      afterMs += step.afterMs;
      for (const { advance } of [old, next]) advance(step.afterMs);
      for (let time = 0; time < step.times; time++) {
        if (afterMs === 0) times++;
        const ask = ({ governor }: Opened): Promise<Decision> =>
          governor.decide(governor.interaction(subject).event(step.event));
        const [a, b] = [await ask(old), await ask(next)];
        if (inShort(a) !== inShort(b)) return { a, b, times, afterMs };
      }
    }
    return undefined;
  } finally {
    // What is keyed by less than the subject reaches into no other sequence.
    for (const { advance } of [old, next]) advance(AGES_MS);
  }
}

const ordinal = (n: number): string => {
  const rest = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10;
  return `${n}${rest === 1 ? 'st' : rest === 2 ? 'nd' : rest === 3 ? 'rd' : 'th'}`;
};
const inWords = (ms: number): string => (ms < 120_000 ? `${ms / 1000} s` : `${Math.round(ms / 6000) / 10} min`);

/** In an interaction of its own, of a tenant of its own: no cooldown or limit of one event reaches the next. */
let tenants = 0;
async function decided({ governor }: Opened, { event }: Candidate): Promise<Decision> {
  return governor.decide(governor.interaction({ tenant: `diff-${tenants++}`, user: 'diff' }).event(event));
}

const inShort = ({ verdict, edits }: Decision): string =>
  `${verdict.outcome === 'NO_OP' ? 'not covered' : verdict.outcome}${verdict.ruleId === undefined ? '' : ` by ${verdict.ruleId}`}${edits.length > 0 ? ', masked' : ''}`;

const rank = ({ verdict, edits }: Decision): number =>
  verdict.outcome === 'BLOCK' ? 3 : verdict.outcome === 'COOLDOWN' ? 2 : edits.length > 0 ? 1 : 0;

const MARK = { new: '+', removed: '-', changed: '~' } as const;

function linesOf({ what, name, fields, rule, examples, tried }: Compared): readonly string[] {
  return [
    `${MARK[what]} ${name}`,
    ...fields.map((field) => `    ${field}`),
    ...examples.map(({ event, before, after }) => `    example: ${event}: ${before} → ${after}`),
    ...(examples.length === 0 && (rule !== undefined || tried > 0)
      ? [`    no ${rule === undefined ? 'sequence' : 'event'} found in ${tried} that tells them apart`]
      : []),
  ];
}
