import type { Stage } from '../../contract/event.ts';
import type { ConditionFacts } from '../compiled.ts';
import type { CelNode } from './syntax.ts';
import { evaluator } from './evaluate.ts';
import { MIRRORED, type Order, readingOf } from './readings.ts';

/**
 * The answer of a condition that has only one, whatever the event: `true || x`, `1 > 2`, `signal("pii") > 50` (a score
 * is at most 1), `stage == "input"` in a rule on outputs. `undefined` for every other. Sound, not complete: what it
 * misses is a condition like any other.
 */
export function constantOf(node: CelNode, stages: readonly Stage[]): boolean | undefined {
  const of = (child: CelNode): boolean | undefined => constantOf(child, stages);
  switch (node.op) {
    case '&&':
    case '||': {
      const settles = node.op === '||';
      const sides = [of(node.args[0]), of(node.args[1])];
      if (sides.includes(settles)) return settles;
      return sides.includes(undefined) ? undefined : !settles;
    }
    case '!_': {
      const operand = of(node.args);
      return operand === undefined ? undefined : !operand;
    }
    case '==':
    case '!=': {
      const isOnly = onlyStage(node.args, stages);
      if (isOnly !== undefined) return node.op === '==' ? isOnly : !isOnly;
      break;
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const settled = ofReading(node.op, node.args) ?? ofReading(MIRRORED[node.op], [node.args[1], node.args[0]]);
      if (settled !== undefined) return settled;
      break;
    }
    default:
  }
  return readsNothing(node) ? evaluated(node) : undefined;
}

/**
 * Whether the stage is the one it is compared with; `undefined` where a rule has several, or it is compared with
 * something else.
 */
function onlyStage([a, b]: readonly [CelNode, CelNode], stages: readonly Stage[]): boolean | undefined {
  const [fact, literal] = a.op === 'id' ? [a, b] : [b, a];
  if (fact.op !== 'id' || fact.args !== 'stage' || literal.op !== 'value') return undefined;
  if (!stages.some((stage) => stage === literal.args)) return false;
  return stages.length === 1 ? true : undefined;
}

/** A score is from 0 to 1, a count is never negative. */
function ofReading(op: Order, [read, other]: readonly [CelNode, CelNode]): boolean | undefined {
  if (readingOf(read) === undefined || other.op !== 'value' || typeof other.args !== 'number') return undefined;
  const most = read.op === 'call' && read.args[0] === 'signal' ? 1 : Infinity;
  const limit = other.args;
  switch (op) {
    case '>':
      return limit >= most ? false : limit < 0 ? true : undefined;
    case '>=':
      return limit > most ? false : limit <= 0 ? true : undefined;
    case '<':
      return limit > most ? true : limit <= 0 ? false : undefined;
    case '<=':
      return limit >= most ? true : limit < 0 ? false : undefined;
  }
}

function readsNothing(node: CelNode): boolean {
  if (node.op === 'value') return true;
  if (node.op === 'id' || node.op === 'call' || node.op === 'rcall') return false;
  if (node.op === '.') return readsNothing(node.args[0]);
  return Array.isArray(node.args)
    ? (node.args as readonly CelNode[]).every(readsNothing)
    : readsNothing(node.args as CelNode);
}

/** What cannot be evaluated is a failure at run time, and no constant. */
function evaluated(node: CelNode): boolean | undefined {
  try {
    return evaluator(node)(NO_FACTS);
  } catch {
    return undefined;
  }
}

const NO_FACTS = Object.freeze({ signals: Object.freeze([]) }) as unknown as ConditionFacts;
