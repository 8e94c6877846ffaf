import type { GovernedEvent } from '../../contract/event.ts';
import type { Allowance } from '../../contract/limits.ts';
import type { Condition } from '../compiled.ts';
import { amountEvaluator, evaluator } from './evaluate.ts';
import { labelsIn } from './labels.ts';
import type { CelNode } from './syntax.ts';

/** An expression that the profile and the type check let pass. Plain data. */
export interface ParsedCondition {
  readonly source: string;
  readonly tree: CelNode;
  /** Signal types that it reads, sorted. */
  readonly types: readonly string[];
  readonly readsArgs: boolean;
}

/** What runs on events. Needs no parser. */
export function conditionOf({ source, tree, types, readsArgs }: ParsedCondition): Condition {
  return Object.freeze({
    source,
    readsSignals: types.length > 0,
    signalTypes: Object.freeze([...types]),
    readsArgs,
    labels: labelsIn(tree, true),
    evaluate: evaluator(tree),
  });
}

/** The same for an expression whose value is a number. */
export function amountOf(source: string, tree: CelNode): Allowance {
  const evaluate = amountEvaluator(tree);
  return Object.freeze({ source, evaluate: (event: GovernedEvent) => evaluate({ event, signals: [] }) });
}

/** What a compiled policy needs that has conditions, or amounts that are expressions. */
export interface Expressions {
  readonly conditionOf: typeof conditionOf;
  readonly amountOf: typeof amountOf;
}

export const standardExpressions = (): Expressions => ({ conditionOf, amountOf });
