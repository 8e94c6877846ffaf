import type { Signal } from '../../contract/signal.ts';
import type { ConditionFacts } from '../compiled.ts';
import type { CelNode } from './syntax.ts';
import { typeMatches } from '../../contract/signal.ts';
import { UNKNOWN_SIGNAL } from './error.ts';

/** A measure of the signals of one type, which more signals can only raise: `signal(...)` or `count(...)`. */
export interface Reading {
  readonly type: string;
  measure(signals: readonly Signal[]): number;
}

/** The reading that a node is, if it is one. */
export function readingOf(node: CelNode): Reading | undefined {
  if (node.op !== 'call') return undefined;
  const [name, [argument]] = node.args;
  const type = argument?.op === 'value' ? String(argument.args) : '';
  switch (name) {
    case 'signal':
      return { type, measure: (signals) => highest(signals, type) };
    case 'count':
      return { type, measure: (signals) => count(signals, type) };
    default:
      return undefined;
  }
}

function highest(signals: readonly Signal[], wanted: string): number {
  let top = 0;
  if (signals.length === 0) return top;
  for (const { type, score } of signals) if (score > top && typeMatches(type, wanted)) top = score;
  return top;
}

function count(signals: readonly Signal[], wanted: string): number {
  let found = 0;
  for (const { type } of signals) if (typeMatches(type, wanted)) found++;
  return found;
}

/** The signals, if every detector that might report the type has answered. */
export function known(facts: ConditionFacts, type: string): readonly Signal[] {
  if (facts.unknown?.(type) === true) throw UNKNOWN_SIGNAL;
  return facts.signals;
}

export type Order = '<' | '<=' | '>' | '>=';

const ORDERS: { readonly [O in Order]: (a: number, b: number) => boolean } = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** The order seen from the other side. */
export const MIRRORED: { readonly [O in Order]: Order } = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * Compares a reading with a number. What was found settles every question that finding more could not change: with a
 * signal of 0.9 at hand `signal("pii") > 0.5` holds, whichever other detector has failed.
 */
export function readingOrder(reading: Reading, op: Order): (facts: ConditionFacts, limit: number) => boolean {
  const holds = ORDERS[op];
  const settles = op === '>' || op === '>=';
  return (facts, limit) => {
    const answer = holds(reading.measure(facts.signals), limit);
    if (answer !== settles && facts.unknown !== undefined) known(facts, reading.type);
    return answer;
  };
}
