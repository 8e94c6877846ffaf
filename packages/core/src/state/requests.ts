import type { GovernedEvent } from '../contract/event.ts';
import type { KeyField, Ladder, Limit } from '../contract/limits.ts';
import type { LimitAnswer } from '../contract/snapshot.ts';
import type { Strike } from '../contract/ruling.ts';
import { FlyballError } from '../errors.ts';
import { stateKey } from '../store/keys.ts';
import { MICRO } from '../store/limits.ts';
import type { LabelsInit, Offence, ReportInit } from './state-api.ts';
import type { Amount, Charge, ChargeAnswer, LabelsRequest, LadderStrike } from '../store/store.ts';

// Ids and offences outlive any conversation that sends its history again.
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/** Which id a limit counts follows from its unit. */
export function chargeOf(limit: Limit, event: GovernedEvent, shadow: boolean, output: string | undefined): Charge {
  const { perMs, window } = limit;
  const allow = Math.ceil(limit.allow);
  const key = stateKey('limit', limit.id, limit.key, event, shadow);
  switch (limit.unit) {
    case 'interactions':
      return { key, id: event.interactionId, kind: 'count', allow, perMs, window };
    case 'events':
      return { key, id: event.id, kind: 'count', allow, perMs, window };
    case 'in_flight':
      return { key, id: event.interactionId, kind: 'hold', allow, perMs, window: 'sliding' };
    case 'repeats':
      return { key: `${key}/output=${output}`, id: event.id, kind: 'count', allow, perMs, window };
    default:
      return {
        key,
        id: event.id,
        kind: 'sum',
        allow: Math.min(Math.round(limit.allow * MICRO), Number.MAX_SAFE_INTEGER),
        perMs,
        window,
      };
  }
}

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
  for (const { rule, segment, strike, ladder: tripped } of offences) {
    const points = tripped === ladder.id ? enough : (strike[ladder.id] ?? 0);
    if (points === 0) continue;
    const place = segment === undefined ? [event.id] : [event.subject.session ?? event.interactionId, segment];
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
  };
}

export function limitAnswers(limits: readonly Limit[], answers: readonly ChargeAnswer[]): readonly LimitAnswer[] {
  return answers.map(({ exceeded, retryAfterMs }, i) => ({ limit: limits[i]!.id, exceeded, retryAfterMs }));
}

const SESSION: readonly KeyField[] = ['user', 'session'];

export function labelsOf({ event, add, rememberMs, shadow }: LabelsInit): LabelsRequest {
  return { key: stateKey('labels', 'session', SESSION, event, shadow), add, rememberMs };
}

/** Throws `REPORT_INVALID`: an amount that is no number would poison every sum after it, or be missing from it unnoticed. */
export function amountsOf({ limits, unit, amount, id: given, event, shadow }: ReportInit): readonly Amount[] {
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0) {
    throw new FlyballError<string>(
      'REPORT_INVALID',
      `\`${unit}\` is ${shown(amount)}; report a number that is not negative`,
    );
  }
  if (given === '')
    throw new FlyballError<string>('REPORT_INVALID', 'the id of a report is empty; give a name, or none');
  const counting = amount === 0 ? [] : limits.filter((limit) => limit.unit === unit);
  if (counting.length === 0) return [];
  const id = given === undefined ? `report ${crypto.randomUUID()}` : `${event.id} ${given}`;
  const micro = Math.min(Math.max(1, Math.round(amount * MICRO)), Number.MAX_SAFE_INTEGER);
  return counting.map((limit) => ({
    key: stateKey('limit', limit.id, limit.key, event, shadow),
    id,
    amount: micro,
    perMs: limit.perMs,
    window: limit.window,
  }));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `the text \`${value.slice(0, 40)}\`` : String(value);
}
