import { CelScalar, celFunc, isCelError, run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GovernedEvent } from '../../packages/core/src/contract/event.ts';
import type { Json } from '../../packages/core/src/contract/json.ts';
import { typeMatches } from '../../packages/core/src/contract/signal.ts';
import type { Signal } from '../../packages/core/src/contract/signal.ts';
import { celCompiler } from '../../packages/core/src/policy/condition/cel.ts';
import { ConditionError } from '../../packages/core/src/policy/condition/error.ts';

/**
 * One expression in two spellings: as authors write it, and for the other engine, where an integer is another type than
 * a decimal: there every number is spelled as one.
 */
interface Spelled {
  readonly ours: string;
  readonly theirs: string;
}

const same = (text: string): Spelled => ({ ours: text, theirs: text });
const join = (parts: readonly (Spelled | string)[]): Spelled => {
  const spell = (which: keyof Spelled): string =>
    parts.map((part) => (typeof part === 'string' ? part : part[which])).join('');
  return { ours: spell('ours'), theirs: spell('theirs') };
};

const integer = fc.integer({ min: -3, max: 900 }).map((n): Spelled => ({ ours: `${n}`, theirs: `${n}.0` }));
const decimal = fc.constantFrom('0.5', '1.0', '899.5').map(same);
const word = fc.constantFrom('""', '"a"', '"ann"', '"a@acme.example"', '"👍é"').map(same);

const { condition } = fc.letrec<{ num: Spelled; str: Spelled; list: Spelled; condition: Spelled; simple: Spelled }>(
  (tie) => {
    const [num, str, list, inner] = [tie('num'), tie('str'), tie('list'), tie('condition')];
    const binary = (left: fc.Arbitrary<Spelled>, ops: readonly string[], right: fc.Arbitrary<Spelled>) =>
      fc.tuple(left, fc.constantFrom(...ops), right).map(([a, op, b]) => join(['(', a, ` ${op} `, b, ')']));
    const method = (names: readonly string[], argument: fc.Arbitrary<Spelled>) =>
      fc.tuple(str, fc.constantFrom(...names), argument).map(([a, name, b]) => join([a, `.${name}(`, b, ')']));
    return {
      num: fc.oneof(
        { maxDepth: 3 },
        integer,
        decimal,
        fc
          .constantFrom(
            'tool.args.n',
            'tool.args.m',
            'attributes.risk',
            'tool.args.l[1]',
            'signal("pii")',
            'count("pii.email")',
          )
          .map(same),
        binary(num, ['+', '-', '*', '/'], num),
        num.map((n) => join(['(-', n, ')'])),
        fc.oneof(str, list).map((of): Spelled => ({ ours: `size(${of.ours})`, theirs: `double(size(${of.theirs}))` })),
      ),
      str: fc.oneof(
        { maxDepth: 2 },
        word,
        fc
          .constantFrom('tool.args.s', 'subject.user', 'tool.name', 'tool.args.l[0]', 'stage', 'tool.args["s"]')
          .map(same),
        fc.tuple(str, str).map(([a, b]) => join(['(', a, ' + ', b, ')'])),
        str.map((of) => join([of, '.lowerAscii()'])),
      ),
      list: fc.oneof(
        fc.constantFrom('tool.args.l', 'tool.args.e', 'tool.args').map(same),
        fc
          .array(word, { minLength: 1, maxLength: 3 })
          .map((items) => same(`[${items.map(({ ours }) => ours).join()}]`)),
      ),
      simple: fc.oneof(
        binary(fc.constantFrom('x', 'tool.args.s').map(same), ['==', '!='], str),
        fc.constantFrom('x.startsWith("a")', 'x != null', 'x == subject.user', 'label("seen")').map(same),
      ),
      condition: fc.oneof(
        { maxDepth: 4 },
        binary(num, ['<', '<=', '>', '>=', '==', '!='], num),
        binary(str, ['==', '!='], str),
        binary(num, ['==', '!='], str),
        method(['startsWith', 'endsWith', 'contains'], str),
        binary(str, ['in'], list),
        binary(inner, ['&&', '||'], inner),
        inner.map((of) => join(['!', of])),
        fc.tuple(inner, inner, inner).map(([a, b, c]) => join(['(', a, ' ? ', b, ' : ', c, ')'])),
        fc
          .tuple(list, fc.constantFrom('exists', 'all', 'exists_one'), tie('simple'))
          .map(([range, name, predicate]) => join([range, `.${name}(x, `, predicate, ')'])),
        // For the other engine a field that is null is not there. In CEL a key of a map is there, whatever its value.
        fc.constant({ ours: 'has(tool.args.n)', theirs: 'given("n")' }),
        fc.constantFrom('has(tool.args.gone)', 'has(subject.user)', 'tool.args.n == null', 'true').map(same),
        fc.constantFrom('label("seen")', 'detected("pii")', 'detected("secret")').map(same),
      ),
    };
  },
);

const value = fc.constantFrom<Json[]>(0, 1, 900, 0.5, 'a', 'ann', 'A@ACME.example', '👍é', null, true);
const facts = fc.record({
  args: fc.record(
    { n: value, m: value, s: value, l: fc.array(value, { maxLength: 3 }), e: fc.constant<Json[]>([]) },
    { requiredKeys: ['e'], noNullPrototype: true },
  ),
  risk: value,
  user: fc.constantFrom('ann', 'a', undefined),
  labels: fc.constantFrom<string[][]>([], ['seen']),
  scores: fc.array(fc.constantFrom(0.25, 0.5, 1), { maxLength: 2 }),
});
type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

const compiler = await celCompiler();

/** `true`, `false`, or `failure`. */
function ours(source: string, event: GovernedEvent, signals: readonly Signal[]): boolean | 'failure' | 'refused' {
  const compiled = compiler.compile(source, { adviseType: () => undefined, stages: ['tool_call'] }).condition;
  // What the type check refuses never runs.
  if (compiled === undefined) return 'refused';
  try {
    return compiled.evaluate({ event, signals });
  } catch (error) {
    if (error instanceof ConditionError) return 'failure';
    throw error;
  }
}

function theirs(source: string, event: GovernedEvent, signals: readonly Signal[]): unknown {
  const scores = (type: string): number[] =>
    signals.filter((each) => typeMatches(each.type, type)).map(({ score }) => score);
  const { STRING, DOUBLE, BOOL } = CelScalar;
  const result = run(
    source,
    {
      subject: { ...event.subject },
      tool: { name: 'refund', args: event.args as Record<string, string> },
      attributes: event.attributes as Record<string, string>,
      stage: event.stage,
    },
    {
      funcs: [
        ...strings,
        celFunc('signal', [STRING], DOUBLE, (type) => Math.max(0, ...scores(type))),
        celFunc('count', [STRING], DOUBLE, (type) => scores(type).length),
        celFunc('detected', [STRING], BOOL, (type) => scores(type).length > 0),
        celFunc('given', [STRING], BOOL, (name) => Object.hasOwn(event.args as object, name)),
        celFunc('label', [STRING], BOOL, (name) => event.labels.includes(name)),
      ],
    },
  );
  return isCelError(result) ? 'failure' : result;
}

function eventOf({ args, risk, user, labels }: Facts): GovernedEvent {
  return {
    id: 'e',
    interactionId: 'i',
    stage: 'tool_call',
    point: 'tool',
    subject: user === undefined ? { tenant: 'acme' } : { tenant: 'acme', user },
    resource: { tool: 'refund' },
    attributes: { risk },
    labels,
    content: [],
    args,
  };
}

test(
  'conditions answer as another CEL engine answers; where a fact is missing or of another type they fail',
  { timeout: 180_000 },
  () => {
    const seen = { true: 0, false: 0, failure: 0, refused: 0 };
    fc.assert(
      fc.property(condition, facts, (spelled, drawn) => {
        const event = eventOf(drawn);
        const signals = drawn.scores.map((score, i): Signal => ({
          type: 'pii.email',
          score,
          detector: 'd',
          segment: 's',
          start: i,
          end: i + 1,
        }));
        const answer = ours(spelled.ours, event, signals);
        seen[`${answer}`]++;
        // CEL calls values of different types unequal; here that is a failure. Everything else must be the same answer.
        if (typeof answer === 'boolean') expect(theirs(spelled.theirs, event, signals)).toBe(answer);
      }),
      { numRuns: 10_000 },
    );
    expect(Math.min(seen.true, seen.false, seen.failure)).toBeGreaterThan(500);
  },
);
