import type { Stage } from '../../contract/event.ts';
import type { ConditionFacts } from '../compiled.ts';
import type { CelNode } from './syntax.ts';
import { evaluator } from './evaluate.ts';
import { MIRRORED, type Order, readingOf } from './readings.ts';

/** What is certain of every event that a condition is asked about. */
export interface Certain {
  /** The stages of the rule. */
  readonly stages: readonly Stage[];
  /**
   * By fact, as conditions write it, the values that the rule's own selectors admit: `tool.name`, of `tool: refund`.
   */
  readonly selected?: { readonly [fact: string]: readonly string[] | undefined };
  /** The highest score with which a type is reported. Absent: 1. */
  readonly highest?: (type: string) => number;
}

/**
 * The answer of a condition that has only one, whatever the event: `true || x`, `1 > 2`, `signal("pii") > 50` (a score
 * is at most 1), `stage == "input"` in a rule on outputs, `tool.name == "pay"` in one with `tool: refund`. `undefined`
 * for every other. Sound, not complete: what it misses is a condition like any other.
 */
export function constantOf(node: CelNode, certain: Certain): boolean | undefined {
  const of = (child: CelNode): boolean | undefined => constantOf(child, certain);
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
      const isOnly = isOnlyValue(node.args, certain);
      if (isOnly !== undefined) return node.op === '==' ? isOnly : !isOnly;
      break;
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [a, b] = node.args;
      const settled = ofReading(node.op, [a, b], certain) ?? ofReading(MIRRORED[node.op], [b, a], certain);
      if (settled !== undefined) return settled;
      break;
    }
    default:
  }
  return readsNothing(node) ? evaluated(node) : undefined;
}

/**
 * Whether a fact that the rule itself selects is the one it is compared with; `undefined` where it admits several, or
 * something else is compared.
 */
function isOnlyValue([a, b]: readonly [CelNode, CelNode], { stages, selected }: Certain): boolean | undefined {
  const [fact, literal] = b.op === 'value' ? [a, b] : [b, a];
  const name = nameOf(fact);
  if (name === undefined || literal.op !== 'value') return undefined;
  const admitted: readonly unknown[] | undefined = name === 'stage' ? stages : selected?.[name];
  if (admitted === undefined) return undefined;
  if (!admitted.includes(literal.args)) return false;
  return admitted.length === 1 ? true : undefined;
}

/** `stage`, `tool.name`: a fact as it is written. */
function nameOf({ op, args }: CelNode): string | undefined {
  if (op === 'id') return String(args);
  if (op !== '.') return undefined;
  const [object, field] = args;
  return object.op === 'id' ? `${String(object.args)}.${field}` : undefined;
}

/** A score is from 0 to 1, a count is never negative. */
function ofReading(
  op: Order,
  [read, other]: readonly [CelNode, CelNode],
  { highest = () => 1 }: Certain,
): boolean | undefined {
  const reading = readingOf(read);
  if (reading === undefined || other.op !== 'value' || typeof other.args !== 'number') return undefined;
  const most = read.op === 'call' && read.args[0] === 'signal' ? highest(reading.type) : Infinity;
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
