// The decision without I/O: `decide` on events whose signals and state are at hand. The baseline are the same eight
// rules as closures written by hand, which build a ruling with the same fields, unfrozen.
import type { DetectorInfo, Findings } from '../../packages/core/src/contract/detector.ts';
import type { GovernedEvent } from '../../packages/core/src/contract/event.ts';
import type { Signal } from '../../packages/core/src/contract/signal.ts';
import { EMPTY_SNAPSHOT } from '../../packages/core/src/contract/snapshot.ts';
import { compilePolicy } from '../../packages/core/src/policy/compile.ts';
import type { CompiledPolicy } from '../../packages/core/src/policy/compiled.ts';
import { decide } from '../../packages/core/src/decision/decide.ts';
import type { RuleDocument } from '../../packages/core/src/policy/document/document.ts';
import type { Figures } from './run.ts';

const DETECTORS: readonly DetectorInfo[] = [
  { id: 'd', version: '1', types: ['pii.email', 'pii.card', 'secret.key', 'codename'], kind: 'pattern' },
];
const SAMPLES = 200_000;

export async function bench(): Promise<Figures> {
  const eight = await policyOf(EIGHT_RULES);
  const events = Array.from({ length: 16 }, (_, i) => eventOf(i));
  const byPolicy = (i: number): unknown => decide(eight, events[i & 15]!, FINDINGS[i & 3]!, EMPTY_SNAPSHOT);
  const byClosures = (i: number): unknown => closures(events[i & 15]!, FINDINGS[i & 3]!);

  const hundred = await policyOf(conditionRules({}));
  const keyed = await policyOf(conditionRules({ keyed: true }));
  const onHundred = (i: number): unknown => decide(hundred, events[i & 15]!, FINDINGS[0]!, EMPTY_SNAPSHOT);
  const onKeyed = (i: number): unknown => decide(keyed, events[i & 15]!, FINDINGS[0]!, EMPTY_SNAPSHOT);
  for (const work of [byPolicy, byClosures, onHundred, onKeyed]) perSecond(work, 300);

  // In turns, so that a busy moment of the machine hits both sides alike; the median of the ratios counts.
  const rounds = Array.from({ length: 40 }, () => ({
    policy: perSecond(byPolicy, 40),
    closures: perSecond(byClosures, 40),
  }));
  const latencies = latenciesUs(byPolicy);
  return {
    p50us: at(latencies, 0.5),
    p99us: at(latencies, 0.99),
    vsClosures: round(median(rounds.map((each) => each.closures / each.policy))),
    // The best of many short windows.
    decisionsPerSec: Math.round(Math.max(...rounds.map((each) => each.policy))),
    closuresPerSec: Math.round(Math.max(...rounds.map((each) => each.closures))),
    rules100PerSec: best(onHundred),
    rules100KeyedPerSec: best(onKeyed),
    samples: SAMPLES,
  };
}

const BLOCK = { on: 'tool_call', then: 'block' } as const;

/** One of each kind: a selector, an argument, a text, thresholds of signals, attributes, a list, labels. */
const EIGHT_RULES: readonly RuleDocument[] = [
  { ...BLOCK, id: 'tier', when: 'subject.tenant == "free" && model == "large"', reason: 'P_TIER' },
  { ...BLOCK, id: 'shell', tool: 'shell', when: 'tool.args.command.contains("rm -rf")', reason: 'P_SHELL' },
  { ...BLOCK, id: 'amount', when: 'tool.name.startsWith("pay") && tool.args.amount > 500', reason: 'P_AMOUNT' },
  { ...BLOCK, id: 'secrets', detect: { type: 'secret', min: 0.8 }, reason: 'P_SECRET' },
  { ...BLOCK, id: 'codename', detect: 'codename', reason: 'P_CODENAME' },
  { on: 'tool_call', id: 'mail', detect: 'pii.email', then: 'redact', reason: 'P_PII', editArgs: true },
  { ...BLOCK, id: 'region', when: 'attributes.risk > 0.7 && attributes.region == "xx"', reason: 'P_REGION' },
  {
    ...BLOCK,
    id: 'outside',
    when: 'label("untrusted") && tool.args.to.exists(x, !x.endsWith("@acme.example"))',
    reason: 'P_OUTSIDE',
  },
];

/** A hundred conditions of four kinds, none of which holds. */
function conditionRules({ keyed = false }): readonly RuleDocument[] {
  return Array.from({ length: 100 }, (_, i) => ({
    ...BLOCK,
    id: `rule-${i}`,
    ...(keyed && { tool: `tool-${i}` }),
    when: [
      `tool.args.amount > ${500 + i}`,
      `subject.tenant == "tenant-${i}" && model == "large"`,
      `signal("pii") > 0.${i + 1} || attributes.region == "r${i}"`,
      `tool.args.command.contains("word-${i}")`,
    ][i % 4]!,
    reason: 'P_RULE',
  }));
}

async function policyOf(rules: readonly RuleDocument[]): Promise<CompiledPolicy> {
  return compilePolicy({ policy: 'bench', version: 1, rules }, DETECTORS);
}

function eventOf(i: number): GovernedEvent {
  return {
    id: `evt_${i}`,
    interactionId: 'int_1',
    stage: 'tool_call',
    point: 'tool',
    subject: { tenant: 'acme', user: `user-${i}` },
    resource: { tool: `tool-${i}`, model: 'large' },
    attributes: { risk: i / 40, region: 'eu' },
    args: { amount: i, command: 'list the orders of last week', to: ['ann@acme.example', 'bob@acme.example'] },
    labels: i % 2 === 0 ? ['untrusted'] : [],
    content: [{ path: 'args.command', text: 'list the orders of last week' }],
  };
}

const signal = (type: string): Signal => ({
  type,
  score: 0.9,
  detector: 'd',
  segment: 'args.command',
  start: 5,
  end: 8,
});

/** Half of the events without a signal, a quarter with one to redact, a quarter with one that no rule reads. */
const FINDINGS: readonly Findings[] = [[], [signal('pii.email')], [], [signal('pii.card')]].map((signals) => ({
  // Frozen, as the governor hands them over.
  signals: Object.freeze(signals.map((each) => Object.freeze(each))),
  errors: [],
  coverage: { detectors: ['d'], segments: [{ path: 'args.command', length: 28, scanned: 28 }], unjudged: [] },
}));

interface Closure {
  readonly id: string;
  readonly reason: string;
  readonly blocks: boolean;
  readonly holds: (event: GovernedEvent, args: Args, signals: readonly Signal[]) => boolean;
}

interface Args {
  readonly amount: number;
  readonly command: string;
  readonly to: readonly string[];
}

const finds = (signals: readonly Signal[], type: string, min: number): boolean =>
  signals.some((each) => each.type.startsWith(type) && each.score >= min);

const CLOSURES: readonly Closure[] = [
  {
    id: 'tier',
    reason: 'P_TIER',
    blocks: true,
    holds: ({ subject, resource }) => subject.tenant === 'free' && resource.model === 'large',
  },
  {
    id: 'shell',
    reason: 'P_SHELL',
    blocks: true,
    holds: ({ resource }, args) => resource.tool === 'shell' && args.command.includes('rm -rf'),
  },
  {
    id: 'amount',
    reason: 'P_AMOUNT',
    blocks: true,
    holds: ({ resource }, args) => resource.tool!.startsWith('pay') && args.amount > 500,
  },
  { id: 'secrets', reason: 'P_SECRET', blocks: true, holds: (_, __, signals) => finds(signals, 'secret', 0.8) },
  { id: 'codename', reason: 'P_CODENAME', blocks: true, holds: (_, __, signals) => finds(signals, 'codename', 0) },
  { id: 'mail', reason: 'P_PII', blocks: false, holds: (_, __, signals) => finds(signals, 'pii.email', 0) },
  {
    id: 'region',
    reason: 'P_REGION',
    blocks: true,
    holds: ({ attributes }) => (attributes['risk'] as number) > 0.7 && attributes['region'] === 'xx',
  },
  {
    id: 'outside',
    reason: 'P_OUTSIDE',
    blocks: true,
    holds: ({ labels }, args) => labels.includes('untrusted') && args.to.some((to) => !to.endsWith('@acme.example')),
  },
];

function closures(event: GovernedEvent, findings: Findings): unknown {
  const args = event.args as unknown as Args;
  const matched = CLOSURES.filter((rule) => rule.holds(event, args, findings.signals));
  const winner = matched.find((rule) => rule.blocks) ?? matched[0];
  const outcome = winner?.blocks === true ? 'BLOCK' : 'ALLOW';
  const reason = winner?.reason ?? 'NO_RULE_OBJECTED';
  const edits = matched.some((rule) => !rule.blocks)
    ? findings.signals
        .filter((each) => each.type === 'pii.email')
        .map(({ segment, start, end }) => ({ segment, start, end, mask: '[EMAIL]' }))
    : [];
  return {
    outcome,
    reason,
    ruleId: winner?.id,
    rules: matched.map(({ id }) => ({ id })),
    verdict: { outcome, reason, ruleId: winner?.id },
    mode: 'enforce',
    edits,
    signals: findings.signals,
    labels: [],
    strikes: [],
    errors: [],
    coverage: { covered: true, ...findings.coverage },
    onError: 'block',
    policyId: 'bench',
    policyVersion: '1',
    behaviorVersion: 'none',
  };
}

let kept: unknown;

/** Per second of processor time, all threads of the process counted: what others do on the machine does not show. */
function perSecond(work: (i: number) => unknown, ms: number): number {
  let done = 0;
  let spentMs = 0;
  const start = process.cpuUsage();
  while (spentMs < ms) {
    for (let i = 0; i < 256; i++) kept = work(i);
    done += 256;
    const { user, system } = process.cpuUsage(start);
    spentMs = (user + system) / 1000;
  }
  return (done / spentMs) * 1000;
}

const best = (work: (i: number) => unknown): number =>
  Math.round(Math.max(...Array.from({ length: 40 }, () => perSecond(work, 40))));

/** Each call timed on its own, the clock's own cost included. */
function latenciesUs(work: (i: number) => unknown): Float64Array {
  const times = new Float64Array(SAMPLES);
  for (let i = 0; i < SAMPLES; i++) {
    const start = process.hrtime.bigint();
    kept = work(i);
    times[i] = Number(process.hrtime.bigint() - start) / 1000;
  }
  return times.sort();
}

const at = (sorted: Float64Array, quantile: number): number =>
  round(sorted[Math.floor(sorted.length * quantile)] ?? Number.NaN);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const round = (value: number): number => Math.round(value * 100) / 100;

export { kept };
