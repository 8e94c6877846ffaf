import type { GovernedEvent } from '../contract/event.ts';
import type { KeyField, Ladder, Limit } from '../contract/limits.ts';
import type { LimitAnswer } from '../contract/snapshot.ts';
import type { Failure, Strike } from '../contract/ruling.ts';
import { argumentOf } from '../contract/limits.ts';
import { FlyballError } from '../errors.ts';
import { stateKey } from '../store/keys.ts';
import { MICRO } from '../store/limits.ts';
import type { LabelsInit, Offence, ReportInit, Reserved, ReserveInit } from './state-api.ts';
import type { Amount, Charge, ChargeAnswer, LabelsRequest, LadderStrike, Look } from '../store/store.ts';

// Ids and offences outlive any conversation that sends its history again.
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/**
 * What one event asks of the store: the limits in order, a charge for each, and those whose argument cannot be counted.
 */
export interface Charges {
  readonly limits: readonly Limit[];
  readonly charges: readonly Charge[];
  readonly errors: readonly Failure[];
}

const NO_ERRORS: readonly Failure[] = Object.freeze([]);

export function chargesOf(
  all: readonly Limit[],
  event: GovernedEvent,
  shadow: boolean,
  output: string | undefined,
): Charges {
  const limits: Limit[] = [];
  const charges: Charge[] = [];
  let errors = NO_ERRORS;
  for (const limit of all) {
    if (output === undefined && limit.unit === 'repeats') continue;
    const allow = allowed(limit, event);
    if (typeof allow !== 'number') {
      errors = [...errors, allow];
      continue;
    }
    const argument = argumentOf(limit.unit);
    if (argument === undefined) {
      charges.push(chargeOf(limit, allow, event, shadow, output));
    } else {
      const amount = valueAt(event.args, argument);
      if (!isAmount(amount)) {
        errors = [...errors, { part: 'limit', id: limit.id, code: amount === undefined ? 'MISSING' : 'UNREADABLE' }];
        continue;
      }
      charges.push(
        reservationOf(limit, event, shadow, {
          id: event.id,
          allow,
          amount: toMicro(amount),
          attempt: crypto.randomUUID(),
        }),
      );
    }
    limits.push(limit);
  }
  return { limits, charges, errors };
}

/** What `interaction.reserve` asks of the store. Throws `REPORT_INVALID` for what is no amount. */
export function reservationsOf({ limits: all, unit, amount, id, event, shadow }: ReserveInit): Charges {
  const micro = millionths(unit, amount);
  const limits: Limit[] = [];
  const charges: Charge[] = [];
  const errors: Failure[] = [];
  for (const limit of all) {
    if (limit.unit !== unit) continue;
    const allow = allowed(limit, event);
    if (typeof allow === 'number') {
      limits.push(limit);
      const asked = { id: reportId(event, id), allow, amount: micro, attempt: id };
      charges.push(reservationOf(limit, event, shadow, asked));
    } else errors.push(allow);
  }
  return { limits, charges, errors };
}

/** How much a limit allows to an event, or why that cannot be said. */
function allowed({ id, allow }: Limit, event: GovernedEvent): number | Failure {
  if (typeof allow === 'number') return allow;
  try {
    const amount = allow.evaluate(event);
    return isAmount(amount) ? amount : { part: 'limit', id, code: 'INVALID_ANSWER' };
  } catch (error) {
    return { part: 'limit', id, code: codeOf(error) };
  }
}

/** Expressions say by their `code` what they missed. */
function codeOf(error: unknown): Failure['code'] {
  const { code } = error as { readonly code?: unknown };
  return code === 'MISSING' || code === 'INVALID_ANSWER' ? code : 'THREW';
}

function reservationOf(
  limit: Limit,
  event: GovernedEvent,
  shadow: boolean,
  {
    allow,
    ...asked
  }: { readonly id: string; readonly allow: number; readonly amount: number; readonly attempt: string },
): Charge {
  return {
    key: stateKey('limit', limit.id, limit.key, event, shadow),
    ...asked,
    kind: 'reserve',
    allow: sumOf(allow),
    ...termsOf(limit),
  };
}

function termsOf({
  perMs,
  window,
  calendar,
}: Pick<Charge, 'perMs' | 'window' | 'calendar'>): Pick<Charge, 'perMs' | 'window' | 'calendar'> {
  return calendar === undefined ? { perMs, window } : { perMs, window, calendar };
}

function sumOf(allow: number): number {
  return Math.min(Math.round(allow * MICRO), Number.MAX_SAFE_INTEGER);
}

/** Own properties only: arguments come from a model. */
function valueAt(args: GovernedEvent['args'], path: readonly string[]): unknown {
  let value: unknown = args;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as { readonly [name: string]: unknown })[name];
  }
  return value;
}

/** Which id a limit counts follows from its unit. */
function chargeOf(
  limit: Limit,
  allows: number,
  event: GovernedEvent,
  shadow: boolean,
  output: string | undefined,
): Charge {
  const { perMs } = limit;
  const terms = termsOf(limit);
  // Of a count that was worked out, no more than was meant.
  const allow = Math.floor(allows);
  const key = stateKey('limit', limit.id, limit.key, event, shadow);
  switch (limit.unit) {
    case 'interactions':
      return { key, id: event.interactionId, kind: 'count', allow, ...terms };
    case 'events':
      return { key, id: event.id, kind: 'count', allow, ...terms };
    case 'in_flight':
      return { key, id: event.interactionId, kind: 'hold', allow, perMs, window: 'sliding' };
    case 'repeats':
      return { key: `${key}/output=${output}`, id: event.id, kind: 'count', allow, ...terms };
    default:
      return { key, id: event.id, kind: 'sum', allow: sumOf(allows), ...terms };
  }
}

/**
 * How an operator looks at a limit, with what it counts as the store counts it. What is left of all there could be says
 * how much is used.
 */
export function lookOf(key: string, limit: Limit): Extract<Look, { of: 'limit' }> {
  const { unit } = limit;
  const kind = unit === 'in_flight' ? 'hold' : COUNTED.has(unit) ? 'count' : 'sum';
  return { of: 'limit', key, kind, allow: Number.MAX_SAFE_INTEGER, ...termsOf(limit) };
}

/** What `lookOf` found to be used, in the unit of the limit. */
export function usedOf(unit: string, remaining: number): number {
  return inUnit(unit, Number.MAX_SAFE_INTEGER - remaining);
}

function inUnit(unit: string, amount: number): number {
  return COUNTED.has(unit) ? amount : amount / MICRO;
}

const COUNTED: ReadonlySet<string> = new Set(['interactions', 'events', 'in_flight', 'repeats']);

export function strikeOf(
  ladder: Ladder,
  strikes: readonly Strike[],
  event: GovernedEvent,
  shadow: boolean,
  offences: readonly Offence[],
): LadderStrike {
  // `then: cooldown` is a strike of as many points as start a cooldown.
  const enough = ladder.after.strikes;
  const id = `event ${event.id}`;
  const offended: { key: string; points: number }[] = [];
  for (const { rule, segment, strike, ladder: tripped, history } of offences) {
    const points = tripped === ladder.id ? enough : (strike[ladder.id] ?? 0);
    if (points === 0) continue;
    const once = ladder.each !== true || history === true;
    const place = segment === undefined || !once ? [event.id] : [event.subject.session ?? event.interactionId, segment];
    offended.push({ key: `offence ${JSON.stringify([rule, ...place])}`, points });
  }
  if (offended.length === 0) {
    const points = strikes.find((strike) => strike.ladder === ladder.id)?.points ?? 0;
    offended.push({ key: `offence of ${id}`, points });
  }
  return {
    key: stateKey('ladder', ladder.id, ladder.key, event, shadow),
    id,
    offences: offended,
    ladder: {
      after: ladder.after,
      forMs: ladder.forMs,
      ...(ladder.escalate === undefined ? {} : { escalate: ladder.escalate }),
    },
    rememberMs: Math.max(REMEMBER_MS, ladder.after.withinMs, ladder.escalate?.forgetMs ?? 0),
    cause: causeOf({ by: 'rules', rules: rulesOf(ladder, strikes, offences), event: event.id }),
  };
}

/** Why a subject stands where it does on a ladder: the latest offence, or what an operator did last. */
export type LadderCause =
  | { readonly by: 'rules'; readonly rules: readonly string[]; readonly event: string }
  | { readonly by: 'operator'; readonly op: 'lift' | 'forgive' | 'put_on'; readonly who: string; readonly why: string };

/** As stores keep it. */
export function causeOf(cause: LadderCause): string {
  return JSON.stringify(cause);
}

/** `undefined` where nothing is known, or what is kept is not of this package. */
export function readCause(text: string | undefined): LadderCause | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const cause = JSON.parse(text) as LadderCause;
    return cause.by === 'rules' || cause.by === 'operator' ? cause : undefined;
  } catch {
    return undefined;
  }
}

function rulesOf(ladder: Ladder, strikes: readonly Strike[], offences: readonly Offence[]): readonly string[] {
  const rules = new Set(strikes.find((strike) => strike.ladder === ladder.id)?.rules);
  for (const offence of offences) if (offence.ladder === ladder.id) rules.add(offence.rule);
  return [...rules].sort();
}

export function limitAnswers(
  { limits, charges }: Pick<Charges, 'limits' | 'charges'>,
  answers: readonly ChargeAnswer[],
): readonly LimitAnswer[] {
  return answers.map(({ exceeded, retryAfterMs, remaining, resetMs }, i) => {
    const { id, unit, perMs, calendar } = limits[i]!;
    const allow = inUnit(unit, charges[i]!.allow);
    const usualMs = calendar === undefined ? perMs : USUAL_MS[calendar.period];
    const standing = { allow, remaining: inUnit(unit, remaining), resetMs, perMs: usualMs };
    return { limit: id, exceeded, retryAfterMs, standing };
  });
}

const DAY_MS = 86_400_000;
/** What people mean by a day, a week and a month. */
const USUAL_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;

/** What this process knows by itself: no more than that a limit is used up. */
export function ownAnswers(limits: readonly Limit[], answers: readonly ChargeAnswer[]): readonly LimitAnswer[] {
  return answers.map(({ exceeded, retryAfterMs }, i) => ({ limit: limits[i]!.id, exceeded, retryAfterMs }));
}

/** What of the charges was reserved. */
export function reservedBy(charges: readonly Charge[], certain: boolean): { readonly reserved?: Reserved } {
  if (!charges.some(({ kind }) => kind === 'reserve')) return NOTHING_RESERVED;
  const amounts = charges.flatMap(({ kind, key, id, amount = 0, attempt = '', ...terms }): Amount[] =>
    kind === 'reserve' ? [{ key, id, amount, attempt, ...termsOf(terms) }] : [],
  );
  return { reserved: { amounts, certain } };
}

const NOTHING_RESERVED = Object.freeze({});

const SESSION: readonly KeyField[] = ['user', 'session'];

export function labelsOf({ event, add, rememberMs, shadow }: LabelsInit): LabelsRequest {
  return { key: stateKey('labels', 'session', SESSION, event, shadow), add, rememberMs };
}

const USER: readonly KeyField[] = ['user'];

/** Kept as a set of names, like labels: stores need know nothing of it. */
export function stoppedOf({ event, add, rememberMs, shadow }: LabelsInit): LabelsRequest {
  const fields = event.subject.session === undefined ? USER : SESSION;
  return { key: stateKey('history', 'stopped', fields, event, shadow), add, rememberMs };
}

/**
 * Throws `REPORT_INVALID`: an amount that is no number would poison every sum after it, or be missing from it
 * unnoticed.
 */
export function amountsOf({ limits, unit, amount, id: given, attempt, event, shadow }: ReportInit): readonly Amount[] {
  const micro = millionths(unit, amount);
  if (given === '')
    throw new FlyballError<string>('REPORT_INVALID', 'the id of a report is empty; give a name, or none');
  const counting = micro === 0 && attempt === undefined ? [] : limits.filter((limit) => limit.unit === unit);
  if (counting.length === 0) return [];
  // An argument is reserved under the id of its event.
  const id = argumentOf(unit) !== undefined ? event.id : reportId(event, given ?? `report ${crypto.randomUUID()}`);
  return counting.map((limit) => ({
    key: stateKey('limit', limit.id, limit.key, event, shadow),
    id,
    amount: micro,
    ...termsOf(limit),
    ...(attempt !== undefined && { attempt }),
  }));
}

/** What reports and reservations of one event are told apart by. */
function reportId(event: Pick<GovernedEvent, 'id'>, given: string): string {
  return `${event.id} ${given}`;
}

/** Throws `REPORT_INVALID` for what is no amount. What is above nothing counts one at least. */
function millionths(unit: string, amount: unknown): number {
  if (!isAmount(amount)) {
    throw new FlyballError<string>(
      'REPORT_INVALID',
      `\`${unit}\` is ${shown(amount)}; report a number that is not negative`,
    );
  }
  return toMicro(amount);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function toMicro(amount: number): number {
  return amount === 0 ? 0 : Math.min(Math.max(1, Math.round(amount * MICRO)), Number.MAX_SAFE_INTEGER);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `the text \`${value.slice(0, 40)}\`` : String(value);
}
