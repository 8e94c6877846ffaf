import type { Signal } from '../../contract/signal.ts';
import type { ConditionFacts } from '../compiled.ts';
import type { CelCall, CelNode, CelOperator } from './syntax.ts';
import type { Order } from './readings.ts';
import type { Expression } from './facts.ts';
import { typeMatches } from '../../contract/signal.ts';
import { ConditionError } from './error.ts';
import { fact, notInProfile, subjectField } from './facts.ts';
import { SIZE } from './syntax.ts';
import { MIRRORED, known, readingOf, readingOrder } from './readings.ts';
import * as on from './values.ts';

// The element under an `exists`, `all` or `exists_one`. One is enough: the profile does not let them nest.
let item: unknown;

/** Compiles a condition that passed the profile and the type check into closures. */
export function evaluator(tree: CelNode): (facts: ConditionFacts) => boolean {
  const expression = compile(tree, undefined);
  return (facts) => {
    on.startWork();
    return on.bool(expression(facts));
  };
}

/** The same for an expression whose value is a number. */
export function amountEvaluator(tree: CelNode): (facts: ConditionFacts) => number {
  const expression = compile(tree, undefined);
  return (facts) => {
    on.startWork();
    return on.number(expression(facts));
  };
}

/** `variable` is the name of the element under iteration, where there is one. */
function compile(node: CelNode, variable: string | undefined): Expression {
  const sub = (child: CelNode): Expression => compile(child, variable);
  switch (node.op) {
    case 'value': {
      const literal = node.args;
      return () => literal;
    }
    case 'id':
      return node.args === variable ? () => item : fact(String(node.args));
    case '.':
      return select(node.args[0], node.args[1], variable);
    case '[]': {
      const [collection, at] = [sub(node.args[0]), sub(node.args[1])];
      return (facts) => on.element(collection(facts), at(facts));
    }
    case 'list': {
      const items = node.args.map(sub);
      return (facts) => items.map((each) => each(facts));
    }
    case '?:': {
      const [condition, yes, no] = [sub(node.args[0]), sub(node.args[1]), sub(node.args[2])];
      return (facts) => (on.bool(condition(facts)) ? yes(facts) : no(facts));
    }
    case '!_': {
      const operand = sub(node.args);
      return (facts) => !on.bool(operand(facts));
    }
    case '-_': {
      const operand = sub(node.args);
      return (facts) => -on.number(operand(facts));
    }
    case 'call':
      return call(node, variable);
    case 'rcall':
      return method(node.args[0], node.args[1], node.args[2], variable);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return order(node.op, node.args, sub(node.args[0]), sub(node.args[1]));
    default:
      return binary(node.op, sub(node.args[0]), sub(node.args[1]));
  }
}

function select(object: CelNode, key: string, variable: string | undefined): Expression {
  if (isFact(object, 'tool', variable)) {
    return key === 'name' ? ({ event }) => on.present(event.resource.tool) : ({ event }) => on.present(event.args);
  }
  // The two paths that nearly every condition takes, each in one step.
  if (isFact(object, 'subject', variable)) return subjectField(key);
  if (object.op === '.' && object.args[1] === 'args' && isFact(object.args[0], 'tool', variable)) {
    return ({ event }) => on.field(on.present(event.args), key);
  }
  const value = compile(object, variable);
  return (facts) => on.field(value(facts), key);
}

const isFact = (node: CelNode, name: string, variable: string | undefined): boolean =>
  node.op === 'id' && node.args === name && variable !== name;

function order(op: Order, nodes: readonly [CelNode, CelNode], left: Expression, right: Expression): Expression {
  const [leftRead, rightRead] = [readingOf(nodes[0]), readingOf(nodes[1])];
  if (leftRead !== undefined && rightRead === undefined) {
    const holds = readingOrder(leftRead, op);
    return (facts) => holds(facts, on.number(right(facts)));
  }
  if (rightRead !== undefined && leftRead === undefined) {
    const holds = readingOrder(rightRead, MIRRORED[op]);
    return (facts) => holds(facts, on.number(left(facts)));
  }
  switch (op) {
    case '<':
      return (facts) => on.number(left(facts)) < on.number(right(facts));
    case '<=':
      return (facts) => on.number(left(facts)) <= on.number(right(facts));
    case '>':
      return (facts) => on.number(left(facts)) > on.number(right(facts));
    case '>=':
      return (facts) => on.number(left(facts)) >= on.number(right(facts));
  }
}

type Plain = Exclude<CelOperator, Order>;

function binary(op: Plain, left: Expression, right: Expression): Expression {
  switch (op) {
    case '&&':
      return settledBy(false, left, right);
    case '||':
      return settledBy(true, left, right);
    case '==':
      return (facts) => on.equal(left(facts), right(facts));
    case '!=':
      return (facts) => !on.equal(left(facts), right(facts));
    case 'in':
      return (facts) => on.member(left(facts), right(facts));
    case '+':
      return (facts) => on.plus(left(facts), right(facts));
    case '-':
      return (facts) => on.number(left(facts)) - on.number(right(facts));
    case '*':
      return (facts) => on.number(left(facts)) * on.number(right(facts));
    case '/':
      return (facts) => on.number(left(facts)) / on.number(right(facts));
  }
}

/** `&&` and `||` as CEL has them: a side that settles the answer does so even when the other cannot be evaluated. */
function settledBy(settles: boolean, left: Expression, right: Expression): Expression {
  return (facts) => {
    let first: boolean;
    try {
      first = on.bool(left(facts));
    } catch (error) {
      if (on.bool(right(facts)) === settles) return settles;
      throw error;
    }
    return first === settles ? settles : on.bool(right(facts));
  };
}

function call(node: CelCall, variable: string | undefined): Expression {
  const [name, [argument]] = node.args;
  if (argument === undefined) throw notInProfile(`\`${name}()\``);
  const reading = readingOf(node);
  if (reading !== undefined) return (facts) => reading.measure(known(facts, reading.type));
  const wanted = argument.op === 'value' ? String(argument.args) : '';
  const fits = ({ type }: Signal): boolean => typeMatches(type, wanted);
  switch (name) {
    case 'label':
      return ({ event }) => event.labels.includes(wanted);
    case 'detected':
      return (facts) => facts.signals.some(fits) || known(facts, wanted).some(fits);
    case 'has':
      return has(argument, variable);
    case SIZE: {
      const value = compile(argument, variable);
      return (facts) => on.size(value(facts));
    }
    default:
      throw notInProfile(`function \`${name}\``);
  }
}

function has(argument: CelNode, variable: string | undefined): Expression {
  if (argument.op !== '.') throw notInProfile('`has` of something other than a field');
  const [object, key] = argument.args;
  const value = compile(object, variable);
  return (facts) => on.hasField(value(facts), key);
}

function method(name: string, receiver: CelNode, args: readonly CelNode[], variable: string | undefined): Expression {
  const object = compile(receiver, variable);
  const [first, predicate] = args;
  if (first === undefined) {
    if (name === SIZE) return (facts) => on.size(object(facts));
    if (name === 'lowerAscii') return (facts) => on.lowerAscii(object(facts));
    throw notInProfile(`\`.${name}()\``);
  }
  if (predicate !== undefined) return iterate(name, object, compile(predicate, String(first.args)));
  const argument = compile(first, variable);
  switch (name) {
    case 'startsWith':
      return (facts) => on.startsWith(object(facts), argument(facts));
    case 'endsWith':
      return (facts) => on.endsWith(object(facts), argument(facts));
    case 'contains':
      return (facts) => on.contains(object(facts), argument(facts));
    default:
      throw notInProfile(`method \`${name}\``);
  }
}

function iterate(name: string, range: Expression, predicate: Expression): Expression {
  const holds = (facts: ConditionFacts, each: unknown): boolean => {
    item = each;
    return on.bool(predicate(facts));
  };
  if (name === 'exists_one')
    return (facts) => on.elements(range(facts)).filter((each) => holds(facts, each)).length === 1;
  const settles = name === 'exists';
  return (facts) => {
    let failure: ConditionError | undefined;
    for (const each of on.elements(range(facts))) {
      try {
        if (holds(facts, each) === settles) return settles;
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !settles;
  };
}
