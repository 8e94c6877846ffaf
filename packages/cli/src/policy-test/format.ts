import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { messageOf, NotRun } from '../io.ts';

/** What a decision must be: only what is named is compared. */
export interface Expectation {
  readonly outcome?: string;
  readonly reason?: string;
  readonly rule?: string;
  readonly rules?: readonly string[];
  readonly labels?: readonly string[];
  readonly errors?: readonly string[];
  readonly mode?: string;
  /** A length of time. */
  readonly retryAfter?: string;
  /** Of a stream: the text that left. */
  readonly released?: string;
}

export interface EventSpec {
  readonly stage?: string;
  /** An input of this text. */
  readonly input?: string;
  readonly content?: unknown;
  readonly tool?: string;
  readonly model?: string;
  readonly route?: string;
  readonly args?: unknown;
  readonly attributes?: unknown;
  readonly labels?: readonly string[];
}

export interface StepSpec extends EventSpec {
  readonly subject?: SubjectSpec;
  /** Time that passes before the step. */
  readonly after?: string;
  /** The same again, so often. */
  readonly times?: number;
  readonly halt?: SubjectSpec;
  readonly resume?: SubjectSpec;
  readonly why?: string;
  readonly expect?: Expectation;
}

export interface SubjectSpec {
  readonly tenant?: string;
  readonly user?: string;
  readonly session?: string;
}

export interface TestSpec {
  readonly name: string;
  readonly subject?: SubjectSpec;
  readonly event?: EventSpec;
  /** Text of an answer; a list is written piece by piece, and then cut in every other way. */
  readonly stream?: readonly string[];
  readonly steps?: readonly StepSpec[];
  /** What the file's stand-ins report of each text, by type, with its score. */
  readonly finds?: { readonly [type: string]: number };
  /** Stand-ins that fail. */
  readonly fails?: readonly string[];
  readonly expect?: Expectation;
}

export interface TestFile {
  readonly file: string;
  /** Path of the policy, beside the file. */
  readonly policy: string;
  readonly subject: SubjectSpec;
  /** Stand-ins for detectors that the application brings: what each may report. */
  readonly detectors: { readonly [id: string]: readonly string[] };
  readonly tests: readonly TestSpec[];
}

const EVENT = ['stage', 'input', 'content', 'tool', 'model', 'route', 'args', 'attributes', 'labels'];
const FIELDS = {
  file: ['policy', 'subject', 'detectors', 'tests'],
  test: ['name', 'subject', 'event', 'stream', 'steps', 'finds', 'fails', 'expect'],
  event: EVENT,
  step: [...EVENT, 'subject', 'after', 'times', 'halt', 'resume', 'why', 'expect'],
  expect: ['outcome', 'reason', 'rule', 'rules', 'labels', 'errors', 'mode', 'retryAfter', 'released'],
} as const;

type Fields = { readonly [field: string]: unknown };

/** An event by itself, as a test has it, and whose it is. */
export interface EventFile {
  readonly event: EventSpec;
  readonly subject: SubjectSpec;
}

/** Reads a file of one event: JSON or YAML. */
export function readEventFile(file: string): EventFile {
  const { subject = { tenant: 'default' }, ...event } = checked(parsed(file), [...EVENT, 'subject'], `\`${file}\``);
  return { event, subject: subject as SubjectSpec };
}

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new NotRun(`cannot read \`${file}\`: ${messageOf(error)}`);
  }
}

/** Reads a test file. A field that nobody reads would make a test pass for nothing, so it is refused. */
export function readTestFile(file: string): TestFile {
  const value = parsed(file);
  const at = (place: string): string => `\`${file}\`, ${place}`;
  const { policy, subject = { tenant: 'test' }, detectors = {}, tests } = checked(value, FIELDS.file, at('the file'));
  if (typeof policy !== 'string') throw new NotRun(`${at('`policy`')} must be the path of a policy, beside the file`);
  if (!Array.isArray(tests) || tests.length === 0) throw new NotRun(`${at('`tests`')} must be a list of tests`);
  const standIns = readDetectors(detectors, at('`detectors`'));
  return {
    file,
    policy,
    subject: subject as SubjectSpec,
    detectors: standIns,
    tests: tests.map((test, index) => readTest(test, standIns, at(`test ${index + 1}`))),
  };
}

function readDetectors(value: unknown, place: string): TestFile['detectors'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotRun(`${place} reads \`{ toxicity: [toxicity.insult] }\`: what each detector may report, by its id`);
  return Object.fromEntries(
    Object.entries(value).map(([id, types]) => [id, (Array.isArray(types) ? types : [types]).map(String)]),
  );
}

/** A type that no stand-in reports, or a stand-in that is none, would make a test pass for nothing. */
function checkStandIns(
  finds: object,
  fails: readonly unknown[],
  detectors: TestFile['detectors'],
  place: string,
): void {
  const types = Object.values(detectors).flat();
  for (const [type, score] of Object.entries(finds)) {
    if (!types.includes(type))
      throw new NotRun(
        `${place}: no detector of the file reports \`${type}\`; those of \`detectors\` report ${types.join(', ') || 'nothing'}`,
      );
    if (typeof score !== 'number' || !(score >= 0 && score <= 1))
      throw new NotRun(`${place}: the score of \`${type}\` is a number from 0 to 1`);
  }
  for (const id of fails)
    if (typeof id !== 'string' || !Object.hasOwn(detectors, id))
      throw new NotRun(`${place}: \`detectors\` of the file has no \`${String(id)}\``);
}

function readTest(value: unknown, detectors: TestFile['detectors'], place: string): TestSpec {
  const { name, subject, event, stream, steps, finds = {}, fails = [], expect } = checked(value, FIELDS.test, place);
  const failing = Array.isArray(fails) ? (fails as readonly unknown[]) : [fails];
  checkStandIns(finds as object, failing, detectors, place);
  if (typeof name !== 'string') throw new NotRun(`${place} needs a \`name\``);
  const ways = [event, stream, steps].filter((way) => way !== undefined).length;
  if (ways !== 1) throw new NotRun(`${place} needs one of \`event\`, \`stream\` and \`steps\``);
  if ((expect === undefined) !== (steps !== undefined))
    throw new NotRun(`${place} needs \`expect\`${steps === undefined ? '' : ' in its steps, not beside them'}`);
  return {
    name,
    ...(subject !== undefined && { subject: subject as SubjectSpec }),
    ...(event !== undefined && { event: checked(event, FIELDS.event, `${place}, \`event\``) }),
    ...(stream !== undefined && { stream: readStream(stream, place) }),
    ...(steps !== undefined && {
      steps: (steps as readonly unknown[]).map((step, index) => readStep(step, `${place}, step ${index + 1}`)),
    }),
    finds: finds as NonNullable<TestSpec['finds']>,
    fails: failing as readonly string[],
    ...(expect !== undefined && { expect: readExpectation(expect, `${place}, \`expect\``) }),
  };
}

function readStream(value: unknown, place: string): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!parts.every((part) => typeof part === 'string'))
    throw new NotRun(`${place}, \`stream\` must be a text or a list of texts`);
  return parts;
}

function readStep(value: unknown, place: string): StepSpec {
  const { expect, ...step } = checked(value, FIELDS.step, place);
  const acts = step['halt'] !== undefined || step['resume'] !== undefined;
  if (!acts && expect === undefined) throw new NotRun(`${place} needs \`expect\``);
  return {
    ...(step as StepSpec),
    ...(expect !== undefined && { expect: readExpectation(expect, `${place}, \`expect\``) }),
  };
}

/** `BLOCK P_REFUND_CAP by refund-cap`, or the same as an object with more. */
function readExpectation(value: unknown, place: string): Expectation {
  if (typeof value !== 'string') return checked(value, FIELDS.expect, place);
  const [, outcome, reason, rule] = /^([A-Z_]+)(?: ([A-Z0-9_]+))?(?: by (\S+))?$/.exec(value) ?? [];
  if (outcome === undefined)
    throw new NotRun(`${place} reads \`OUTCOME REASON by rule\`, the last two may be left out`);
  return { outcome, ...(reason !== undefined && { reason }), ...(rule !== undefined && { rule }) };
}

function checked(value: unknown, fields: readonly string[], place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotRun(`${place} must have fields: ${fields.join(', ')}`);
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw new NotRun(`${place} has no field \`${unknown}\`; it has ${fields.join(', ')}`);
  return value as Fields;
}

const UNIT: { readonly [unit: string]: number } = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** `30s` in milliseconds. */
export function milliseconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (unit === '') throw new NotRun(`\`${text}\` is no length of time: write \`30s\` or \`10m\``);
  return Number(count) * UNIT[unit]!;
}
