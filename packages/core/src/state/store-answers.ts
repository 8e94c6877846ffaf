import type { Control } from '../contract/control.ts';
import { MODES } from '../contract/effect.ts';
import { StoreError } from '../store/store-error.ts';
import type {
  ChargeAnswer,
  ControlChange,
  Look,
  Looked,
  ProcessSeen,
  Push,
  StrikeResult,
  SyncAnswer,
} from '../store/store.ts';

// Stores are other people's code: what they answer is checked before it is believed. Each function answers what it was
// given, or throws `STORE_ANSWER`: an answer that makes no sense is a failure, never an admission.

export function chargeAnswers(answer: unknown, count: number): readonly ChargeAnswer[] {
  return listOf(answer, 'charge', isChargeAnswer, count);
}

export function strikeResults(answer: unknown, count: number): readonly StrikeResult[] {
  return listOf(answer, 'strike', isStrikeResult, count);
}

export function labelNames(answer: unknown): readonly string[] {
  return listOf(answer, 'labels', isText);
}

export function controlChange(answer: unknown): ControlChange | undefined {
  if (answer === undefined || isChange(answer)) return answer;
  throw nonsense('control', answer);
}

export function changes(answer: unknown): readonly ControlChange[] {
  return listOf(answer, 'history', isChange);
}

export function changesMade(answer: unknown, count: number): readonly ControlChange[] {
  return listOf(answer, 'setAll', isChange, count);
}

export function syncAnswer(answer: unknown): SyncAnswer {
  if (!isRecord(answer)) throw nonsense('sync', answer);
  const { incarnation, epoch, now, full, controls, changes: changed, cooldowns } = answer;
  const known = isText(incarnation) && isCount(epoch) && isNumber(now) && typeof full === 'boolean';
  // An answer that is everything and has no controls would lift every halt.
  if (!known || (full && controls === undefined)) throw nonsense('sync', answer);
  if (controls !== undefined) listOf(controls, 'sync', isControl);
  if (changed !== undefined) listOf(changed, 'sync', isChange);
  listOf(cooldowns, 'sync', isCooldown);
  return answer as unknown as SyncAnswer;
}

export function lookedAt(answer: unknown, asked: readonly Pick<Look, 'of'>[]): readonly Looked[] {
  const list = listOf(answer, 'look', isLooked, asked.length);
  if (list.some(({ of }, i) => of !== asked[i]!.of)) throw nonsense('look', answer);
  return list;
}

export function amendedState(answer: unknown): Looked {
  if (isLooked(answer)) return answer;
  throw nonsense('amend', answer);
}

export function processesSeen(answer: unknown): readonly ProcessSeen[] {
  return listOf(answer, 'processes', isProcess);
}

export function storeFill(answer: unknown): { readonly held: number; readonly max: number } {
  const { held, max } = isRecord(answer) ? answer : {};
  if (!isCount(held) || !isCount(max)) throw nonsense('fill', answer);
  return { held, max };
}

export function storeWarning(answer: unknown): string | undefined {
  if (answer !== undefined && (!isText(answer) || answer === '')) throw nonsense('warning', answer);
  return answer;
}

/** What a store said unasked; `undefined` when it makes no sense. */
export function pushOf(said: unknown): Push | undefined {
  if (!isRecord(said)) return undefined;
  const { kind, epoch, change, incarnation } = said;
  if (incarnation !== undefined && typeof incarnation !== 'string') return undefined;
  const sound =
    kind === 'connected' ||
    kind === 'lost' ||
    (kind === 'control' && isChange(change)) ||
    (kind === 'cooldown' && isCount(epoch) && isCooldown(said));
  return sound ? (said as unknown as Push) : undefined;
}

function listOf<T>(
  answer: unknown,
  operation: string,
  isOne: (one: unknown) => one is T,
  count?: number,
): readonly T[] {
  if (!Array.isArray(answer) || (count !== undefined && answer.length !== count)) throw nonsense(operation, answer);
  for (let i = 0; i < answer.length; i++) if (!isOne(answer[i])) throw nonsense(operation, answer);
  return answer as readonly T[];
}

function isChargeAnswer(one: unknown): one is ChargeAnswer {
  return (
    isRecord(one) &&
    typeof one['exceeded'] === 'boolean' &&
    typeof one['fresh'] === 'boolean' &&
    isSpan(one['retryAfterMs']) &&
    isSpan(one['remaining']) &&
    isSpan(one['resetMs'])
  );
}

function isLooked(one: unknown): one is Looked {
  if (!isRecord(one)) return false;
  if (one['of'] === 'limit') return isSpan(one['remaining']) && isSpan(one['resetMs']);
  const { cause } = one;
  const said = cause === undefined || typeof cause === 'string';
  return one['of'] === 'ladder' && isSpan(one['points']) && isSpan(one['level']) && isSpan(one['retryAfterMs']) && said;
}

function isProcess(one: unknown): one is ProcessSeen {
  return isRecord(one) && isText(one['process']) && isCount(one['epoch']) && isNumber(one['agoMs']);
}

function isStrikeResult(one: unknown): one is StrikeResult {
  return (
    isRecord(one) &&
    typeof one['fresh'] === 'boolean' &&
    isNumber(one['points']) &&
    isNumber(one['level']) &&
    isSpan(one['retryAfterMs'])
  );
}

function isCooldown(one: unknown): one is { readonly key: string; readonly retryAfterMs: number } {
  return isRecord(one) && isText(one['key']) && isSpan(one['retryAfterMs']);
}

function isChange(one: unknown): one is ControlChange {
  return (
    isRecord(one) &&
    isCount(one['epoch']) &&
    (one['op'] === 'set' || one['op'] === 'lift' || one['op'] === 'restore') &&
    isControl(one['control']) &&
    typeof one['who'] === 'string' &&
    typeof one['why'] === 'string' &&
    isNumber(one['at'])
  );
}

function isControl(one: unknown): one is Control {
  if (!isRecord(one) || !isText(one['id']) || !isRecord(one['scope']) || !isNumber(one['at'])) return false;
  const { kind, mode, scope, who, why, expiresAt } = one;
  const known = kind === 'halt' || (kind === 'mode' && (MODES as readonly unknown[]).includes(mode));
  const named = Object.values(scope as object).every((value) => value === undefined || typeof value === 'string');
  const said = typeof who === 'string' && typeof why === 'string';
  return known && named && said && (expiresAt === undefined || isNumber(expiresAt));
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isSpan(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function nonsense(operation: string, answer: unknown): StoreError {
  const shown = Array.isArray(answer) ? `a list of ${answer.length}` : answer === null ? 'null' : typeof answer;
  return new StoreError(
    'STORE_ANSWER',
    `the store answered \`${operation}\` with ${shown}, which the interface does not allow`,
    {
      failure: 'INVALID_ANSWER',
    },
  );
}
