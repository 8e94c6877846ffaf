// The form of the tables in `src/decision/*.test.ts`: what a row leaves out is an ordinary event in a quiet state.
import { describe, expect, test } from 'vitest';
import type { Control, Scope } from '../src/contract/control.ts';
import type { DetectorInfo, Findings } from '../src/contract/detector.ts';
import type { Mode } from '../src/contract/effect.ts';
import type { GovernedEvent, Segment } from '../src/contract/event.ts';
import type { Edit, Failure, Ruling, ScannedSegment, Strike } from '../src/contract/ruling.ts';
import type { Signal } from '../src/contract/signal.ts';
import type { Snapshot } from '../src/contract/snapshot.ts';
import type { PolicyDocument } from '../src/policy/document/document.ts';
import { EMPTY_SNAPSHOT } from '../src/contract/snapshot.ts';
import { decide } from '../src/decision/decide.ts';
import { compilePolicy } from '../src/policy/compile.ts';

/** One named case: this policy, this event, these signals and this state give this ruling. */
export interface DecisionCase {
  readonly name: string;
  readonly policy: Partial<PolicyDocument>;
  /** What differs from an input of Ann's at Acme, to the model `large`, with the text `mail ann@corp.example`. */
  readonly event?: Partial<GovernedEvent>;
  readonly signals?: readonly Signal[];
  /** Parts of the detection that failed. */
  readonly failed?: readonly Failure[];
  readonly exceeded?: Findings['exceeded'];
  readonly state?: Partial<Snapshot>;
  readonly expected: ExpectedRuling;
}

/** Everything a ruling says. What is left out must be absent or empty, but `mode`: it is `enforce`. */
export interface ExpectedRuling {
  /** `BLOCK/P_CODE`, and the id behind it where a rule, limit or ladder decided: `BLOCK/P_CODE by no-mail`. */
  readonly is: string;
  /** What the policy says, where the mode keeps it from being enforced. */
  readonly verdict?: string;
  readonly mode?: Mode;
  /** Ids of the rules that matched; one in shadow ends in `?`. */
  readonly rules?: readonly string[];
  readonly edits?: readonly Edit[];
  readonly labels?: readonly string[];
  readonly strikes?: readonly Strike[];
  readonly errors?: readonly Failure[];
  readonly retryAfterMs?: number;
  /** Absent: the policy's own. */
  readonly onError?: 'block' | 'no_op';
  /** Default true: some voting rule, limit or default is meant for the event. */
  readonly covered?: boolean;
}

export const DETECTORS: readonly DetectorInfo[] = [
  { id: 'mail', version: '1', types: ['pii.email'], kind: 'pattern' },
  { id: 'card', version: '1', types: ['pii.card'], kind: 'pattern' },
  { id: 'keys', version: '1', types: ['secret.key'], kind: 'pattern' },
  { id: 'topics', version: '1', types: ['topic.arms', 'topic.drugs'], kind: 'code' },
];

/** A table of cases, each a test of its own. */
export function describeCases(title: string, rows: readonly DecisionCase[]): void {
  describe(title, () => {
    test.each(rows)('$name', async (row) => {
      await expectRuling(row);
    });
  });
}

/** Decides on a case and compares all that the ruling says. */
export async function expectRuling(row: DecisionCase): Promise<Ruling> {
  const policy = await compilePolicy({ policy: 'p', version: 1, ...row.policy }, DETECTORS);
  const { signals = [], failed = [], exceeded } = row;
  const none = Object.freeze([]);
  const event = eventOf(row.event);
  const scanned = ({ path, text: { length } }: Segment): ScannedSegment =>
    Object.freeze({ path, length, scanned: length });
  const segments = Object.freeze(event.content.map(scanned));
  const coverage = { detectors: none, segments, unjudged: none };
  const findings: Findings = { signals, errors: failed, coverage, ...(exceeded !== undefined && { exceeded }) };
  const ruling = decide(policy, event, findings, { ...EMPTY_SNAPSHOT, ...row.state });
  expect(said(ruling, policy.onError)).toEqual({ ...NOTHING_SAID, ...row.expected });
  expect(ruling.signals).toEqual(signals);
  expectFrozen(ruling);
  return ruling;
}

/** A ruling is shared by everyone who hears of it: nobody may change it, and no field is there without a value. */
function expectFrozen(value: unknown): void {
  expect(value).not.toBe(undefined);
  if (typeof value !== 'object' || value === null) return;
  expect(Object.isFrozen(value)).toBe(true);
  for (const member of Object.values(value)) expectFrozen(member);
}

function eventOf(differences: Partial<GovernedEvent> = {}): GovernedEvent {
  return {
    id: 'evt_1',
    interactionId: 'int_1',
    stage: 'input',
    point: 'model',
    subject: { tenant: 'acme', user: 'ann' },
    resource: { model: 'large' },
    attributes: {},
    labels: [],
    content: [{ path: 'text', text: 'mail ann@corp.example' }],
    ...differences,
  };
}

const NOTHING_SAID = {
  mode: 'enforce',
  rules: [],
  edits: [],
  labels: [],
  strikes: [],
  errors: [],
  covered: true,
} as const;

function said(ruling: Ruling, policyOnError: Ruling['onError']): Required<ExpectedRuling> {
  const { verdict, mode, edits, labels, strikes, errors, onError, retryAfterMs, coverage } = ruling;
  const { covered } = coverage;
  const rules = ruling.rules.map(({ id, shadow }) => (shadow ? `${id}?` : id));
  const facts = { is: written(ruling), mode, rules, edits, labels, strikes, errors, covered };
  return {
    ...facts,
    ...(written(verdict) !== facts.is && { verdict: written(verdict) }),
    ...(onError !== policyOnError && { onError }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  } as Required<ExpectedRuling>;
}

const written = ({ outcome, reason, ruleId }: Pick<Ruling, 'outcome' | 'reason' | 'ruleId'>): string =>
  `${outcome}/${reason}${ruleId === undefined ? '' : ` by ${ruleId}`}`;

/** A signal: `found('pii.email', 5, 21)`. */
export function found(type: string, start: number, end: number, rest: Partial<Signal> = {}): Signal {
  return { type, start, end, score: 1, detector: 'any', segment: 'text', ...rest };
}

/** The address in the ordinary event. */
export const MAIL: Signal = found('pii.email', 5, 21);

const control = (scope: Scope, kind: 'halt' | 'mode', id: string): Control => ({
  id,
  kind,
  scope,
  who: 'op',
  why: 'test',
  at: 0,
});
export const halt = (scope: Scope = {}): Control => control(scope, 'halt', 'ctl_halt');
export const mode = (name: Mode, scope: Scope = {}): Control => ({ ...control(scope, 'mode', 'ctl_mode'), mode: name });
