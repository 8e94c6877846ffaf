import * as fc from 'fast-check';
import type { Control, Scope } from '../../packages/core/src/contract/control.ts';
import type { DetectorInfo, Findings } from '../../packages/core/src/contract/detector.ts';
import type { GovernedEvent, Segment, Stage } from '../../packages/core/src/contract/event.ts';
import type { Failure } from '../../packages/core/src/contract/ruling.ts';
import type { Signal } from '../../packages/core/src/contract/signal.ts';
import type { Snapshot } from '../../packages/core/src/contract/snapshot.ts';
import type {
  ExemptionDocument,
  PolicyDocument,
  RuleDocument,
} from '../../packages/core/src/policy/document/document.ts';

/** Small vocabularies, so that rules, events and signals meet often. */
const STAGES: readonly Stage[] = ['input', 'retrieval', 'output', 'tool_call', 'tool_result'];
const TYPES = ['pii', 'pii.email', 'pii.card', 'secret', 'secret.key', 'codename'] as const;
const REPORTED = ['pii.email', 'pii.card', 'secret.key', 'codename'] as const;
const TOOLS = ['refund', 'search'];
const ROUTES = ['/chat', '/admin'];
const MODELS = ['small', 'large'];
const TENANTS = ['acme', 'beta'];
const USERS = ['ann', 'bob'];
const SESSIONS = ['s1', 's2'];
const AGENTS = ['a1', 'a2'];
/** One of each is named like a part of the state, which must not narrow what a failure of that part concerns. */
const LADDERS = ['abuse', 'controls'];
const LIMITS = ['daily', 'labels'];

/** The detectors of the random policies. `mixed` overlaps the others, as custom detectors do. */
export const CATALOGUE: readonly DetectorInfo[] = [
  { id: 'mail', version: '1', types: ['pii.email'], kind: 'pattern' },
  { id: 'card', version: '1', types: ['pii.card'], kind: 'pattern' },
  { id: 'keys', version: '1', types: ['secret.key'], kind: 'pattern' },
  { id: 'codename', version: '1', types: ['codename'], kind: 'pattern' },
  { id: 'mixed', version: '1', types: ['pii.email', 'codename'], kind: 'code' },
];

const CONDITIONS = [
  'tool.args.amount > 500',
  'tool.args.amount == 500',
  'attributes.risk >= 1 || label("untrusted")',
  'label("private") && !label("untrusted")',
  'signal("pii") > 0.5',
  'count("pii.email") >= 2',
  '!detected("secret")',
  'detected("codename") || subject.tenant == "acme"',
  'subject.user in ["ann", "cleo"]',
  'has(tool.args.to) && tool.args.to.exists(x, x.endsWith("@acme.example"))',
  'stage == "output" ? detected("pii") : true',
  'attributes.risk * 2 > size(subject.tenant)',
] as const;

const some = <T>(values: readonly T[], maxLength = 2): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength });
/** Present in `percent` of all cases. */
const maybe = <T>(percent: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: percent, arbitrary }, { weight: 100 - percent, arbitrary: fc.constant(undefined) });

const term = fc.oneof(
  fc.constantFrom(...TYPES),
  fc.record({ type: fc.constantFrom(...TYPES), min: fc.constantFrom(0, 0.3, 0.5, 0.9, 1) }),
);

/** A rule as free as the generator can make it; `tidy` then takes away what would not load. */
const wildRule = fc.record({
  on: some(STAGES, 3),
  tool: maybe(30, some(TOOLS)),
  model: maybe(12, some(MODELS)),
  route: maybe(12, some(ROUTES)),
  tenant: maybe(15, some(TENANTS)),
  role: maybe(15, some(['user', 'assistant', 'tool'] as const)),
  channel: maybe(15, some(['text', 'reasoning', 'tool_input'] as const)),
  detect: maybe(55, fc.oneof(term, fc.array(term, { minLength: 1, maxLength: 3 }))),
  when: maybe(40, fc.constantFrom(...CONDITIONS)),
  then: maybe(85, fc.constantFrom('allow', 'redact', 'redact', 'cooldown', 'block')),
  strike: maybe(20, fc.dictionary(fc.constantFrom(...LADDERS), fc.integer({ min: 1, max: 3 }), { minKeys: 1 })),
  label: maybe(20, some(['untrusted', 'private', 'seen'])),
  ladder: fc.constantFrom(...LADDERS),
  mode: maybe(12, fc.constant('shadow' as const)),
  onError: maybe(30, fc.constantFrom('block', 'no_op')),
  mask: maybe(25, fc.constantFrom('***', '[GONE]')),
});
type WildRule = typeof wildRule extends fc.Arbitrary<infer T> ? T : never;

function tidy(wild: WildRule, index: number): RuleDocument {
  const voting = wild.then !== undefined && !(wild.then === 'redact' && wild.detect === undefined);
  const then = voting ? wild.then : undefined;
  const on = wild.tool === undefined ? wild.on : (['tool_call', 'tool_result'] as const);
  const readsTool = wild.when?.includes('tool.') === true && !(on as readonly string[]).includes('tool_call');
  const when = readsTool ? undefined : wild.when;
  const reads = wild.detect !== undefined || /signal|count|detected/.test(when ?? '');
  const label = then === undefined && wild.strike === undefined ? (wild.label ?? ['seen']) : wild.label;
  const rule: { [K in keyof RuleDocument]: RuleDocument[K] | undefined } = {
    id: `r${index}`,
    on,
    tool: wild.tool,
    model: wild.model,
    route: wild.route,
    tenant: wild.tenant,
    role: reads ? wild.role : undefined,
    channel: reads ? wild.channel : undefined,
    detect: wild.detect,
    when,
    then,
    reason: then === undefined ? undefined : `P_R${index}`,
    strike: wild.strike,
    label,
    ladder: then === 'cooldown' ? wild.ladder : undefined,
    mode: wild.mode,
    onError: then === undefined || wild.mode === 'shadow' ? undefined : wild.onError,
    mask: then === 'redact' ? wild.mask : undefined,
    editArgs: then === 'redact' && (on as readonly string[]).includes('tool_call') ? true : undefined,
  };
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as unknown as RuleDocument;
}

/** Policies that load. */
export const policyDocuments: fc.Arbitrary<PolicyDocument> = fc
  .record({
    mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow', 'off'),
    onError: fc.constantFrom('block', 'no_op'),
    maxInput: fc.constantFrom(12, 1000),
    media: fc.constantFrom('pass', 'block'),
    history: fc.constantFrom('withhold', 'block'),
    default: fc.oneof(
      fc.constant('allow' as const),
      fc.dictionary(fc.constantFrom(...STAGES), fc.constantFrom('allow', 'block')),
    ),
    rules: fc.array(wildRule, { maxLength: 8 }),
    limits: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom(...LIMITS),
        on: some(STAGES, 3),
        tool: maybe(30, some(TOOLS)),
        then: fc.constantFrom('cooldown', 'block'),
      }),
      { selector: ({ id }) => id, maxLength: 2 },
    ),
    masks: fc.dictionary(fc.constantFrom(...TYPES), fc.constantFrom('<x>', '<y>'), { maxKeys: 2 }),
    exempt: fc.array(
      fc.record({
        rule: fc.nat(7),
        tenant: maybe(30, some(TENANTS)),
        user: maybe(30, some(USERS)),
        session: maybe(15, some(SESSIONS)),
        model: maybe(15, some(MODELS)),
        until: fc.constantFrom('never', 'never', '1970-01-01', '1970-01-02'),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ rules, limits, masks, exempt, ...rest }) => {
    const written = rules.map(tidy);
    const used = LADDERS.filter((ladder) =>
      written.some((rule) => rule.ladder === ladder || Object.hasOwn(rule.strike ?? {}, ladder)),
    );
    const redacted = written
      .filter((rule) => rule.then === 'redact' && rule.mask === undefined)
      .flatMap((rule) => [rule.detect ?? []].flat())
      .map((detect) => (typeof detect === 'string' ? detect : detect.type));
    const put = (type: string): boolean =>
      redacted.some((other) => `${other}.`.startsWith(`${type}.`) || `${type}.`.startsWith(`${other}.`));
    // What some rule reads, where it reads it.
    const exemptions = exempt.flatMap(({ rule, ...of }, index): ExemptionDocument[] => {
      const read = written[rule];
      const [first] = [read?.detect ?? []].flat();
      if (read === undefined || first === undefined) return [];
      const detect = typeof first === 'string' ? first : first.type;
      const given = Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as typeof of;
      const exemption = { id: `x${index}`, on: read.on, detect, why: 'drawn', owner: 'nobody', ...given };
      return [exemption as ExemptionDocument];
    });
    return {
      ...(exemptions.length > 0 && { exempt: exemptions }),
      policy: 'random',
      version: 1,
      ...rest,
      masks: Object.fromEntries(Object.entries(masks).filter(([type]) => put(type))),
      rules: written,
      limits: limits.map(({ tool, ...limit }) => ({
        ...limit,
        ...(tool !== undefined && { tool, on: ['tool_call', 'tool_result'] as const }),
        allow: 5,
        per: '1m' as const,
      })),
      cooldowns: used.map((id, i) => ({
        id,
        after: { strikes: 3 + i, within: '10m' as const },
        for: i === 0 ? ('30s' as const) : ('1m' as const),
      })),
    };
  });

/** A random number generator small enough to print its seed: mulberry32. */
export interface Random {
  below(n: number): number;
  chance(p: number): boolean;
  pick<T>(values: readonly T[]): T;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, chance: (p) => next() < p, pick: (values) => values[below(values.length)]! };
}

export interface Situation {
  readonly event: GovernedEvent;
  readonly findings: Findings;
  readonly snapshot: Snapshot;
}

/** One event with what was found in it and the state it meets. Cheap: a hundred thousand of them are drawn. */
export function situation(rng: Random): Situation {
  const event = randomEvent(rng);
  const signals = randomSignals(rng, event);
  const findings: Findings = {
    signals,
    errors: failures(rng, 0.15, [
      ...['mail', 'keys', 'mixed', 'stranger'].map((id) => ({ part: 'detector' as const, id })),
      { part: 'edit', id: 'content[0]' },
    ]),
    coverage: {
      detectors: ['card', 'codename', 'keys', 'mail', 'mixed'],
      segments: event.content.map(({ path, text }) => ({ path, length: text.length, scanned: text.length })),
      unjudged: [],
    },
  };
  return { event, findings, snapshot: randomSnapshot(rng) };
}

function randomEvent(rng: Random): GovernedEvent {
  const stage = rng.pick(STAGES);
  const content: Segment[] = [];
  for (let i = rng.below(3); i >= 0; i--) {
    content.push({
      path: `content[${content.length}]`,
      text: 'some text here'.slice(0, rng.pick([10, 12, 14])),
      ...(rng.chance(0.5) && { role: rng.pick(['user', 'assistant', 'tool', 'system'] as const) }),
      ...(rng.chance(0.1) && { fixed: true as const }),
      ...(rng.chance(0.3) && { channel: rng.pick(['text', 'reasoning', 'tool_input'] as const) }),
    });
  }
  return {
    id: `evt_${rng.below(1e6)}`,
    interactionId: 'int_1',
    stage,
    point: 'model',
    subject: {
      tenant: rng.pick(TENANTS),
      ...(rng.chance(0.8) && { user: rng.pick(USERS) }),
      ...(rng.chance(0.5) && { session: rng.pick(SESSIONS) }),
      ...(rng.chance(0.5) && { agent: rng.pick(AGENTS) }),
    },
    resource: {
      ...(rng.chance(0.6) && { tool: rng.pick(TOOLS) }),
      ...(rng.chance(0.6) && { model: rng.pick(MODELS) }),
      ...(rng.chance(0.6) && { route: rng.pick(ROUTES) }),
    },
    attributes: rng.chance(0.7) ? { risk: rng.pick([0, 1, 3, 'high']) } : {},
    labels: ['private', 'untrusted'].filter(() => rng.chance(0.4)),
    content,
    ...(stage === 'tool_call' && rng.chance(0.9) && { args: randomArgs(rng) }),
    ...(rng.chance(0.06) && { media: ['content[0].image'] }),
    ...(rng.chance(0.06) && { unreadable: rng.pick([[], ['args'], ['args', 'content[0]']]) }),
  };
}

function randomArgs(rng: Random): NonNullable<GovernedEvent['args']> {
  return {
    ...(rng.chance(0.8) && { amount: rng.pick([3, 500, 900, '900', null]) }),
    ...(rng.chance(0.5) && {
      to: rng.pick([['a@acme.example'], ['x@evil.example', 'b@acme.example'], [7], 'a@acme.example']),
    }),
  };
}

function randomSignals(rng: Random, event: GovernedEvent): Signal[] {
  const signals: Signal[] = [];
  const many = rng.chance(0.35) ? 0 : 1 + rng.below(4);
  for (let i = 0; i < many; i++) {
    const segment = rng.pick(event.content);
    const start = rng.below(segment.text.length);
    const end = Math.min(segment.text.length, start + rng.below(6));
    const type = rng.pick(REPORTED);
    const detector = CATALOGUE.filter(({ types }) => types.includes(type)).map(({ id }) => id);
    signals.push({
      type,
      score: rng.pick([0.2, 0.5, 0.9, 1]),
      detector: rng.pick(detector),
      segment: segment.path,
      start,
      end,
    });
  }
  const key = ({ segment, start, end, type, detector }: Signal): string =>
    [segment, start + 100, end + 100, type, detector].join();
  return signals.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const CODES = ['THREW', 'TIMEOUT', 'INVALID_ANSWER', 'UNAVAILABLE'] as const;

function failures(rng: Random, p: number, parts: readonly Pick<Failure, 'part' | 'id'>[]): Failure[] {
  return rng.chance(p)
    ? [0, 1].slice(0, 1 + rng.below(2)).map(() => ({ ...rng.pick(parts), code: rng.pick(CODES) }))
    : [];
}

function randomSnapshot(rng: Random): Snapshot {
  return {
    ...(rng.chance(0.5) && { at: rng.pick([0, 86_400_000, 172_800_000]) }),
    ...(rng.chance(0.1) && { withheld: [{ path: `content[${rng.below(2)}]`, length: 10 }] }),
    controls: rng.chance(0.25) ? [0, 1, 2].slice(rng.below(3)).map((i) => randomControl(rng, i)) : [],
    cooldowns: rng.chance(0.1)
      ? [...LADDERS, 'elsewhere']
          .filter(() => rng.chance(0.5))
          .map((ladder) => ({ ladder, retryAfterMs: rng.pick([0, 500, 900]) }))
      : [],
    limits: rng.chance(0.2)
      ? LIMITS.map((limit) => ({ limit, exceeded: rng.chance(0.4), retryAfterMs: rng.pick([10, 20]) }))
      : [],
    errors: failures(rng, 0.1, [
      ...[...LADDERS, ...LIMITS, 'controls', 'labels'].map((id) => ({ part: 'store' as const, id })),
      { part: 'subject', id: 'subject' },
      { part: 'labels', id: 'labels' },
    ]),
  };
}

function randomControl(rng: Random, i: number): Control {
  const scope: Scope = {
    ...(rng.chance(0.5) && { tenant: rng.pick(TENANTS) }),
    ...(rng.chance(0.3) && { user: rng.pick(USERS) }),
    ...(rng.chance(0.1) && { session: rng.pick(SESSIONS) }),
    ...(rng.chance(0.1) && { agent: rng.pick(AGENTS) }),
    ...(rng.chance(0.2) && { tool: rng.pick(TOOLS) }),
    ...(rng.chance(0.2) && { route: rng.pick(ROUTES) }),
  };
  const stamp = { id: `ctl_${i}`, scope, who: 'op', why: 'test', at: 0 };
  return rng.chance(0.3)
    ? { ...stamp, kind: 'halt' }
    : { ...stamp, kind: 'mode', mode: rng.pick(['enforce', 'shadow', 'off'] as const) };
}
