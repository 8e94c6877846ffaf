import { OUTCOMES, type Effect, type Mode, type OnError } from '../contract/effect.ts';
import type { Channel, Role, Stage } from '../contract/event.ts';
import type { Calendar, KeyField, Ladder, Limit } from '../contract/limits.ts';
import type { Share } from '../contract/share.ts';
import type { CompiledAudit, DetectTerm, DetectorUse, ExceptPattern, Exemption } from './compiled.ts';
import type {
  DetectDocument,
  DetectorDocument,
  ExceptDocument,
  ExemptionDocument,
  LadderDocument,
  LimitDocument,
  OneOrMore,
  PolicyDocument,
  RuleDocument,
  ShareDocument,
} from './document/document.ts';
import { STAGES } from '../contract/event.ts';
import { KEY_FIELDS } from '../contract/limits.ts';
import { untilMs } from './document/day.ts';
import { durationMs } from './document/duration.ts';
import { listOf, sortedSet } from './document/lists.ts';
import { byId } from './rule-index.ts';

/** A rule with its defaults, its lists sorted and times in numbers. Absent stays absent. */
export interface NormalRule {
  readonly id: string;
  readonly on: readonly Stage[];
  readonly tool?: readonly string[];
  readonly model?: readonly string[];
  readonly route?: readonly string[];
  readonly tenant?: readonly string[];
  readonly role?: readonly Role[];
  readonly channel?: readonly Channel[];
  readonly detect: readonly DetectTerm[];
  readonly when?: string;
  readonly then?: Effect;
  readonly reason?: string;
  readonly ladder?: string;
  readonly strike: { readonly [ladder: string]: number };
  readonly label: readonly string[];
  readonly shadow: boolean;
  readonly onError: OnError;
  readonly mask?: string;
  readonly extent?: 'value';
  readonly editArgs: boolean;
  readonly stream: 'hold' | 'trail';
}

/** A limit before its expression is compiled. */
export type NormalLimit = Omit<Limit, 'allow'> & { readonly allow: number | string };

export interface NormalShare {
  readonly percent?: Share;
  readonly cohort?: string;
  readonly rest: Mode;
}

/**
 * A policy without the freedoms of the written form: equal meaning, equal data. What the behaviour version is made of.
 */
export interface NormalPolicy {
  readonly id: string;
  readonly version: string;
  readonly mode: Mode;
  /** Absent: the mode holds for everybody. */
  readonly share?: NormalShare;
  readonly onError: OnError;
  readonly deadlineMs: number;
  readonly maxInput: number;
  readonly maxHold: { readonly units: number; readonly then: 'block' | 'match' | 'release' };
  /** Absent: text that is held for windows leaves evenly. */
  readonly pace?: 'at_once';
  readonly providerTools: 'refuse' | 'allow';
  readonly onBlock: 'continue' | 'stop';
  /** Absent: earlier messages that were stopped are withheld. */
  readonly history?: 'block';
  /** Absent: media pass. */
  readonly media?: 'block';
  /** Absent: records wait in a queue, and there is one of every decision. */
  readonly audit?: CompiledAudit;
  readonly defaults: { readonly [S in Stage]: 'allow' | 'block' };
  readonly rules: readonly NormalRule[];
  /** Absent where there are none. */
  readonly exempt?: readonly Exemption[];
  readonly ladders: readonly Ladder[];
  readonly limits: readonly NormalLimit[];
  readonly facts: readonly string[];
  /** Labels that live as long as the session, sorted. Absent where there are none. */
  readonly sessionLabels?: readonly string[];
  readonly masks: { readonly [type: string]: string };
  readonly detectors: readonly DetectorUse[];
}

export const DEFAULT_DEADLINE_MS = 100;
export const DEFAULT_MAX_INPUT: number = 2 ** 20;
export const DEFAULT_MAX_HOLD: number = 2 ** 16;

/** Fills in every default. The document was accepted by `loadPolicy`. */
export function normalise(document: PolicyDocument): NormalPolicy {
  const onError = document.onError ?? 'block';
  return {
    id: document.policy,
    version: String(document.version),
    mode: document.mode ?? 'enforce',
    onError,
    deadlineMs: document.deadline === undefined ? DEFAULT_DEADLINE_MS : durationMs(document.deadline),
    maxInput: document.maxInput ?? DEFAULT_MAX_INPUT,
    maxHold: { units: document.maxHold?.units ?? DEFAULT_MAX_HOLD, then: document.maxHold?.then ?? 'block' },
    providerTools: document.providerTools ?? 'refuse',
    onBlock: document.onBlock ?? 'continue',
    // Absent where they have the default, so that a policy that does not name them keeps its behaviour version.
    ...(document.share !== undefined && { share: normalShare(document.policy, document.share) }),
    ...(document.pace === 'at_once' && { pace: document.pace }),
    ...(document.history === 'block' && { history: document.history }),
    ...(document.media === 'block' && { media: document.media }),
    ...auditOf(document.audit),
    defaults: defaultsOf(document.default),
    rules: (document.rules ?? []).map((rule) => normalRule(rule, onError)).sort(byId),
    ...((document.exempt ?? []).length > 0 && { exempt: document.exempt!.map(normalExemption).sort(byId) }),
    ladders: (document.cooldowns ?? []).map(normalLadder).sort(byId),
    limits: (document.limits ?? []).map(normalLimit).sort(byId),
    facts: sortedSet(document.facts ?? []),
    ...sessionLabels(document.labels ?? {}),
    masks: nullObject(document.masks ?? {}),
    detectors: (document.detectors ?? [])
      .map(normalDetector)
      .sort((a, b) => (detectorName(a) < detectorName(b) ? -1 : 1)),
  };
}

/** Without any the field is absent, so that a policy that names none keeps its behaviour version. */
function sessionLabels(written: NonNullable<PolicyDocument['labels']>): Pick<NormalPolicy, 'sessionLabels'> {
  const names = Object.keys(written).filter((name) => written[name] === 'session');
  return names.length === 0 ? {} : { sessionLabels: names.sort() };
}

function auditOf({ durable = [], noOp = 'record', content }: PolicyDocument['audit'] = {}): Pick<
  NormalPolicy,
  'audit'
> {
  const outcomes = OUTCOMES.filter((outcome) => durable === 'all' || listOf(durable).includes(outcome));
  if (outcomes.length === 0 && noOp === 'record' && content === undefined) return {};
  return { audit: { durable: outcomes, noOp, ...(content !== undefined && { content }) } };
}

function defaultsOf(written: PolicyDocument['default']): { readonly [S in Stage]: 'allow' | 'block' } {
  const of = (stage: Stage): 'allow' | 'block' =>
    typeof written === 'string' ? written : (written?.[stage] ?? 'allow');
  return {
    input: of('input'),
    retrieval: of('retrieval'),
    output: of('output'),
    tool_call: of('tool_call'),
    tool_result: of('tool_result'),
  };
}

function normalRule(rule: RuleDocument, onError: OnError): NormalRule {
  return {
    id: rule.id,
    on: STAGES.filter((stage) => listOf(rule.on).includes(stage)),
    ...selector('tool', rule.tool),
    ...selector('model', rule.model),
    ...selector('route', rule.route),
    ...selector('tenant', rule.tenant),
    ...selector('role', rule.role),
    ...selector('channel', rule.channel),
    detect: detectTerms(rule.detect),
    ...(rule.when !== undefined && { when: rule.when }),
    ...(rule.then !== undefined && { then: rule.then }),
    ...(rule.reason !== undefined && { reason: rule.reason }),
    ...(rule.ladder !== undefined && { ladder: rule.ladder }),
    strike: Object.fromEntries(Object.entries(rule.strike ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
    label: sortedSet(listOf(rule.label)),
    shadow: rule.mode === 'shadow',
    onError: rule.onError ?? onError,
    ...(rule.mask !== undefined && { mask: rule.mask }),
    ...(rule.extent === 'value' && { extent: rule.extent }),
    editArgs: rule.editArgs ?? false,
    stream: rule.stream ?? 'hold',
  };
}

function selector<K extends string, T extends string>(
  key: K,
  written: OneOrMore<T> | undefined,
): { readonly [P in K]?: readonly T[] } {
  if (written === undefined) return {};
  const values: readonly T[] = [...new Set(listOf(written))].sort();
  return { [key]: values } as unknown as { readonly [P in K]?: readonly T[] };
}

/** Of several terms for one type only the most permissive counts. */
function detectTerms(written: OneOrMore<DetectDocument> | undefined): readonly DetectTerm[] {
  const least = new Map<string, number>();
  for (const item of listOf(written)) {
    const { type, min = 0 } = typeof item === 'string' ? { type: item } : item;
    least.set(type, Math.min(min, least.get(type) ?? 1));
  }
  return [...least].map(([type, min]) => ({ type, min })).sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** Why it is and who answers for it change no ruling: they are in the document alone. */
function normalExemption(exemption: ExemptionDocument): Exemption {
  const { id, on, detect, tenant, user, session, agent, tool, model, route, until } = exemption;
  return {
    id,
    on: STAGES.filter((stage) => listOf(on).includes(stage)),
    types: sortedSet(listOf(detect)),
    who: {
      ...selector('tenant', tenant),
      ...selector('user', user),
      ...selector('session', session),
      ...selector('agent', agent),
    },
    where: { ...selector('tool', tool), ...selector('model', model), ...selector('route', route) },
    ...(until !== 'never' && { untilMs: untilMs(until) ?? 0 }),
  };
}

function normalLadder(ladder: LadderDocument): Ladder {
  const { escalate } = ladder;
  return {
    id: ladder.id,
    key: keyFields(ladder.key),
    after: { strikes: ladder.after.strikes, withinMs: durationMs(ladder.after.within) },
    forMs: durationMs(ladder.for),
    ...(escalate !== undefined && {
      escalate: {
        factor: escalate.factor ?? 2,
        maxMs: durationMs(escalate.max),
        forgetMs: durationMs(escalate.forget),
      },
    }),
    ...(ladder.count === 'each' && { each: true as const }),
  };
}

function normalShare(policy: string, { percent, by, seed, cohort, rest }: ShareDocument): NormalShare {
  return {
    ...(percent !== undefined && { percent: { percent, by: keyFields(by), seed: seed ?? policy } }),
    ...(cohort !== undefined && { cohort }),
    rest: rest ?? 'shadow',
  };
}

function normalLimit(limit: LimitDocument): NormalLimit {
  return {
    id: limit.id,
    key: keyFields(limit.key),
    on: STAGES.filter((stage) => listOf(limit.on ?? 'input').includes(stage)),
    ...(limit.tool !== undefined && { tool: sortedSet(listOf(limit.tool)) }),
    unit: limit.unit ?? 'interactions',
    allow: limit.allow,
    ...normalPeriod(limit),
    then: limit.then ?? 'cooldown',
  };
}

const HOUR_MS = 3_600_000;
/** A day on which clocks are put back has an hour more. */
const LONGEST_MS: { readonly [P in Calendar['period']]: number } = {
  day: 25 * HOUR_MS,
  week: (7 * 24 + 1) * HOUR_MS,
  month: (31 * 24 + 1) * HOUR_MS,
};

function normalPeriod({ per, timeZone, window }: LimitDocument): Pick<Limit, 'perMs' | 'window' | 'calendar'> {
  if (per !== 'day' && per !== 'week' && per !== 'month')
    return { perMs: durationMs(per), window: window ?? 'sliding' };
  return { perMs: LONGEST_MS[per], window: 'calendar', calendar: { period: per, timeZone: timeZone ?? 'UTC' } };
}

function keyFields(written: OneOrMore<KeyField> | undefined): readonly KeyField[] {
  const chosen = listOf<KeyField>(written ?? ['tenant', 'user']);
  return KEY_FIELDS.filter((field) => chosen.includes(field));
}

/** A detector as named in a document, with its lists as lists. */
export function normalDetector(detector: DetectorDocument): DetectorUse {
  if ('use' in detector) {
    const { use, except, when, allow_hosts: written, keep_last: kept = {} } = detector;
    const hosts = sortedSet(listOf(written).map((host) => host.toLowerCase()));
    // Absent where none are named, so that other policies keep their behaviour version.
    const more = {
      ...(when !== undefined && { when }),
      ...(hosts.length > 0 && { allowHosts: hosts }),
      ...(Object.keys(kept).length > 0 && { keepLast: nullObject(kept) }),
    };
    return { use, ...normalExceptions(listOf(except)), ...more };
  }
  if ('phrases' in detector) {
    const { marks = false, escapes = false } = detector;
    return {
      id: detector.id,
      phrases: sortedSet(listOf(detector.phrases)),
      ...(marks && { marks }),
      ...(escapes && { escapes }),
    };
  }
  const patterns = listOf<string | { pattern: string; flags?: string }>(detector.patterns).map((item) => {
    const { pattern, flags = '' } = typeof item === 'string' ? { pattern: item } : item;
    return { pattern, flags: [...new Set(flags)].sort().join('') };
  });
  const { id, dialect = 'js', fold = false } = detector;
  return {
    id,
    patterns: patterns.sort((a, b) => (a.pattern + a.flags < b.pattern + b.flags ? -1 : 1)),
    // Absent where they say the default, so that they change no behaviour version.
    ...(dialect !== 'js' && { dialect }),
    ...(fold && { fold }),
  };
}

function normalExceptions(
  written: readonly (string | ExceptDocument)[],
): Omit<Extract<DetectorUse, { readonly use: string }>, 'use'> {
  const texts: string[] = [];
  const domains: string[] = [];
  const patterns: ExceptPattern[] = [];
  for (const item of written) {
    if (typeof item === 'string') texts.push(item);
    else if ('domain' in item) domains.push(...listOf(item.domain).map((domain) => domain.toLowerCase()));
    else {
      const { pattern, flags = '', type } = item;
      patterns.push({ pattern, flags: [...new Set(flags)].sort().join(''), ...(type !== undefined && { type }) });
    }
  }
  const key = ({ pattern, flags, type = '' }: ExceptPattern): string => `${pattern}\n${flags}\n${type}`;
  return {
    except: sortedSet(texts),
    ...(domains.length > 0 && { exceptDomains: sortedSet(domains) }),
    ...(patterns.length > 0 && { exceptPatterns: patterns.sort((a, b) => (key(a) < key(b) ? -1 : 1)) }),
  };
}

export const detectorName = (detector: DetectorUse): string => ('use' in detector ? detector.use : detector.id);

/** An object without a prototype, keys sorted: a lookup by a stranger's name finds only what was written. */
export function nullObject<T>(entries: { readonly [key: string]: T }): { readonly [key: string]: T } {
  const result: Record<string, T> = Object.create(null) as Record<string, T>;
  for (const key of Object.keys(entries).sort()) result[key] = entries[key] as T;
  return result;
}
