import type { Signal } from '../contract/signal.ts';
import type { ConditionFacts } from './compiled.ts';
import type { CelNode, CelOperator } from './condition-syntax.ts';
import { typeMatches } from '../contract/signal.ts';
import { ConditionError, MISSING_FACT, TOO_MUCH_WORK, UNKNOWN_SIGNAL, WRONG_TYPE } from './condition-error.ts';
import { SIZE } from './condition-profile.ts';

/** A compiled expression. */
type Expression = (facts: ConditionFacts) => unknown;

/** Longest list of the facts that is searched or iterated. */
const MAX_LIST = 256;
/** Characters one evaluation may compare: some ten milliseconds at worst. */
const MAX_WORK = 2 ** 26;

// Both belong to the evaluation under way. Evaluation is synchronous, calls nothing of others, and iterations do not nest.
let work = 0;
let item: unknown;

/** Compiles a condition that passed the profile and the type check into closures. */
export function evaluator(tree: CelNode): (facts: ConditionFacts) => boolean {
  const expression = compile(tree, undefined);
  return (facts) => {
    work = 0;
    return bool(expression(facts));
  };
}

function compile(node: CelNode, variable: string | undefined): Expression {
  const sub = (child: CelNode): Expression => compile(child, variable);
  switch (node.op) {
    case 'value': {
      const literal = typeof node.args === 'bigint' ? Number(node.args) : node.args;
      return () => literal;
    }
    case 'id':
      return node.args === variable ? () => item : fact(String(node.args));
    case '.':
      return select(sub(node.args[0]), node.args[1]);
    case '[]':
      return index(sub(node.args[0]), sub(node.args[1]));
    case 'list': {
      const items = node.args.map(sub);
      return (facts) => items.map((each) => each(facts));
    }
    case '?:': {
      const [condition, yes, no] = [sub(node.args[0]), sub(node.args[1]), sub(node.args[2])];
      return (facts) => (bool(condition(facts)) ? yes(facts) : no(facts));
    }
    case '!_': {
      const operand = sub(node.args);
      return (facts) => !bool(operand(facts));
    }
    case '-_': {
      const operand = sub(node.args);
      return (facts) => -number(operand(facts));
    }
    case 'call':
      return call(node.args[0], node.args[1], variable);
    case 'rcall':
      return method(node.args[0], node.args[1], node.args[2], variable);
    default:
      return binary(node.op, sub(node.args[0]), sub(node.args[1]));
  }
}

function fact(name: string): Expression {
  switch (name) {
    case 'subject':
      return ({ event }) => event.subject;
    case 'tool':
      return ({ event }) => ({ name: event.resource.tool, args: event.args });
    case 'attributes':
      return ({ event }) => event.attributes;
    case 'model':
      return ({ event }) => present(event.resource.model);
    case 'route':
      return ({ event }) => present(event.resource.route);
    case 'stage':
      return ({ event }) => event.stage;
    case 'point':
      return ({ event }) => event.point;
    default:
      throw new TypeError(`the profile lets no variable \`${name}\` pass`);
  }
}

function select(object: Expression, key: string): Expression {
  return (facts) => field(object(facts), key);
}

/** INVARIANT: own fields of plain objects only, so that no name reaches a prototype. */
function field(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw WRONG_TYPE;
  return Object.hasOwn(object, key) ? present((object as Record<string, unknown>)[key]) : missing();
}

function index(object: Expression, key: Expression): Expression {
  return (facts) => {
    const value = object(facts);
    const at = key(facts);
    if (typeof at === 'string') return field(value, at);
    if (!Array.isArray(value) || !Number.isInteger(at)) throw WRONG_TYPE;
    return present(value[number(at)]);
  };
}

function present(value: unknown): unknown {
  return value === undefined ? missing() : value;
}

function missing(): never {
  throw MISSING_FACT;
}

function bool(value: unknown): boolean {
  if (typeof value !== 'boolean') throw WRONG_TYPE;
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw WRONG_TYPE;
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw WRONG_TYPE;
  return value;
}

function spend(units: number): void {
  work += units;
  if (work > MAX_WORK) throw TOO_MUCH_WORK;
}

function binary(op: CelOperator, left: Expression, right: Expression): Expression {
  switch (op) {
    case '&&':
      return decided(false, left, right);
    case '||':
      return decided(true, left, right);
    case '==':
      return (facts) => equal(left(facts), right(facts));
    case '!=':
      return (facts) => !equal(left(facts), right(facts));
    case 'in':
      return (facts) => member(left(facts), right(facts));
    case '<':
      return (facts) => number(left(facts)) < number(right(facts));
    case '<=':
      return (facts) => number(left(facts)) <= number(right(facts));
    case '>':
      return (facts) => number(left(facts)) > number(right(facts));
    case '>=':
      return (facts) => number(left(facts)) >= number(right(facts));
    case '+':
      return (facts) => plus(left(facts), right(facts));
    case '-':
      return (facts) => number(left(facts)) - number(right(facts));
    case '*':
      return (facts) => number(left(facts)) * number(right(facts));
    case '/':
      return (facts) => number(left(facts)) / number(right(facts));
  }
}

/** `&&` and `||` as CEL has them: a side that settles the answer does so even when the other cannot be evaluated. */
function decided(settles: boolean, left: Expression, right: Expression): Expression {
  return (facts) => {
    let first: boolean;
    try {
      first = bool(left(facts));
    } catch (error) {
      if (bool(right(facts)) === settles) return settles;
      throw error;
    }
    return first === settles ? settles : bool(right(facts));
  };
}

function plus(a: unknown, b: unknown): string | number {
  if (typeof a === 'number') return a + number(b);
  const sum = text(a) + text(b);
  spend(sum.length);
  return sum;
}

/** Equal values of one simple type. Values of different types cannot be compared, except with null. */
function equal(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === b;
  if (typeof a !== typeof b || typeof a === 'object') throw WRONG_TYPE;
  if (typeof a === 'string' && a.length === text(b).length) spend(a.length);
  return a === b;
}

/** In a list: an equal element. In an object: a field of that name. An element of another type leaves a miss undecided. */
function member(value: unknown, collection: unknown): boolean {
  if (typeof collection !== 'object' || collection === null) throw WRONG_TYPE;
  if (!Array.isArray(collection)) return Object.hasOwn(collection, text(value));
  if (collection.length > MAX_LIST) throw TOO_MUCH_WORK;
  let comparable = true;
  for (const each of collection as readonly unknown[]) {
    if (each !== null && value !== null && (typeof each !== typeof value || typeof value === 'object'))
      comparable = false;
    else if (equal(value, each)) return true;
  }
  if (!comparable) throw WRONG_TYPE;
  return false;
}

function call(name: string, args: readonly CelNode[], variable: string | undefined): Expression {
  const [argument] = args;
  if (argument === undefined) throw new TypeError(`the profile lets no \`${name}()\` pass`);
  if (name === 'has') return has(argument, variable);
  if (name === SIZE) return size(compile(argument, variable));
  const wanted = argument.op === 'value' ? String(argument.args) : '';
  switch (name) {
    case 'label':
      return ({ event }) => event.labels.includes(wanted);
    case 'signal':
      return (facts) =>
        known(facts, wanted).reduce(
          (top, each) => (typeMatches(each.type, wanted) ? Math.max(top, each.score) : top),
          0,
        );
    case 'count':
      return (facts) => known(facts, wanted).filter((each) => typeMatches(each.type, wanted)).length;
    case 'detected':
      // One signal settles it, whatever else a failed detector might have found.
      return (facts) => reported(facts.signals, wanted) || reported(known(facts, wanted), wanted);
    default:
      throw new TypeError(`the profile lets no function \`${name}\` pass`);
  }
}

const reported = (signals: readonly Signal[], wanted: string): boolean =>
  signals.some(({ type }) => typeMatches(type, wanted));

function known(facts: ConditionFacts, type: string): readonly Signal[] {
  if (facts.unknown !== undefined && facts.unknown(type)) throw UNKNOWN_SIGNAL;
  return facts.signals;
}

function has(argument: CelNode, variable: string | undefined): Expression {
  if (argument.op !== '.') throw new TypeError('the profile lets `has` take a field only');
  const object = compile(argument.args[0], variable);
  const key = argument.args[1];
  return (facts) => {
    const value = object(facts);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw WRONG_TYPE;
    return Object.hasOwn(value, key) && (value as Record<string, unknown>)[key] !== undefined;
  };
}

function method(name: string, receiver: CelNode, args: readonly CelNode[], variable: string | undefined): Expression {
  const object = compile(receiver, variable);
  const [first, second] = args;
  if (name === SIZE) return size(object);
  if (name === 'lowerAscii') return (facts) => lowerAscii(text(object(facts)));
  if (first === undefined) throw new TypeError(`the profile lets no \`.${name}()\` pass`);
  if (second !== undefined && first.op === 'id') return iterate(name, object, compile(second, String(first.args)));
  const argument = compile(first, variable);
  switch (name) {
    case 'startsWith':
      return (facts) => text(object(facts)).startsWith(charged(text(argument(facts))));
    case 'endsWith':
      return (facts) => text(object(facts)).endsWith(charged(text(argument(facts))));
    case 'contains':
      return (facts) => contains(text(object(facts)), text(argument(facts)));
    default:
      throw new TypeError(`the profile lets no method \`${name}\` pass`);
  }
}

function charged(value: string): string {
  spend(value.length);
  return value;
}

/** Charged for the worst case of a substring search, which text chosen for it reaches. */
function contains(value: string, part: string): boolean {
  spend(value.length * part.length);
  return value.includes(part);
}

function lowerAscii(value: string): string {
  spend(value.length);
  return value.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

/** Characters (code points) of a text, elements of a list, fields of an object. */
function size(object: Expression): Expression {
  return (facts) => {
    const value = object(facts);
    if (typeof value === 'string') {
      let pairs = 0;
      spend(value.length);
      for (let i = 1; i < value.length; i++) {
        if ((value.charCodeAt(i) & 0xfc00) === 0xdc00 && (value.charCodeAt(i - 1) & 0xfc00) === 0xd800) pairs++;
      }
      return value.length - pairs;
    }
    if (typeof value !== 'object' || value === null) throw WRONG_TYPE;
    return Array.isArray(value) ? value.length : Object.keys(value).length;
  };
}

/** `exists`, `all`, `exists_one` over the elements of a list or the field names of an object. */
function iterate(name: string, range: Expression, predicate: Expression): Expression {
  const holds = (facts: ConditionFacts, each: unknown): boolean => {
    item = each;
    return bool(predicate(facts));
  };
  const elements = (facts: ConditionFacts): readonly unknown[] => {
    const value = range(facts);
    if (typeof value !== 'object' || value === null) throw WRONG_TYPE;
    const list: readonly unknown[] = Array.isArray(value) ? value : Object.keys(value);
    if (list.length > MAX_LIST) throw TOO_MUCH_WORK;
    return list;
  };
  if (name === 'exists_one') return (facts) => elements(facts).filter((each) => holds(facts, each)).length === 1;
  const settles = name === 'exists';
  return (facts) => {
    let failure: ConditionError | undefined;
    for (const each of elements(facts)) {
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
