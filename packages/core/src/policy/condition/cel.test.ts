import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { GovernedEvent } from '../../contract/event.ts';
import type { Json } from '../../contract/json.ts';
import type { Signal } from '../../contract/signal.ts';
import type { Condition } from '../compiled.ts';
import { CONDITION_LANGUAGE } from './language.ts';
import { celCompiler } from './cel.ts';
import { ConditionError } from './error.ts';

const compiler = await celCompiler();
const STAGES = ['tool_call'] as const;
const KNOWN = ['pii', 'pii.email', 'secret'];
const advise = (type: string): string | undefined => (KNOWN.includes(type) ? undefined : `unknown type ${type}`);

const event = (over: Partial<GovernedEvent> = {}): GovernedEvent => ({
  id: 'e',
  interactionId: 'i',
  stage: 'tool_call',
  point: 'tool',
  subject: { tenant: 'acme', user: 'ann' },
  resource: { tool: 'refund', model: 'large' },
  attributes: { risk: 2, region: 'eu', nothing: null, flag: true },
  labels: ['untrusted'],
  content: [],
  args: {
    amount: 900,
    half: 0.5,
    to: ['ann@acme.example', 'eve@evil.example'],
    mixed: ['a', 1],
    nested: { list: [[1], [2]], text: 'Straße 👍' },
    empty: [],
  },
  ...over,
});
const signals: readonly Signal[] = [
  { type: 'pii.email', score: 0.9, detector: 'mail', segment: 's', start: 0, end: 3 },
  { type: 'pii.email', score: 0.4, detector: 'mail', segment: 's', start: 5, end: 8 },
];

const compile = (source: string): Condition => {
  const { condition, problems } = compiler.compile(source, { adviseType: advise, stages: STAGES });
  if (condition === undefined) throw new Error(JSON.stringify(problems));
  return condition;
};
/** `true`, `false`, or the code of the failure. */
const run = (source: string, args?: Json): unknown => {
  try {
    return compile(source).evaluate({ event: args === undefined ? event() : event({ args }), signals });
  } catch (error) {
    return error instanceof ConditionError ? error.code : error;
  }
};

describe('conditions', () => {
  test.each([
    // numbers: integers and decimals are one kind
    ['tool.args.amount > 500', true],
    ['tool.args.amount == 900', true],
    ['tool.args.amount == 900.0', true],
    ['tool.args.half < 1 && tool.args.half * 2 == 1', true],
    ['-tool.args.amount + 1000 - 50 == 50', true],
    ['tool.args.amount / 0 > 1', true],
    ['size(tool.args.to) == 2', true],
    ['tool.args.to.size() > 1.5', true],
    ['tool.args.amount in [1, 900]', true],
    ['tool.args.to[0] == "ann@acme.example"', true],
    ['tool.args["amount"] >= 900', true],
    // texts
    ['tool.args.to[1].endsWith("@evil.example")', true],
    ['tool.args.nested.text.startsWith("Stra")', true],
    ['tool.args.nested.text.contains("aß")', true],
    ['size(tool.args.nested.text) == 8', true],
    ['"ANN@Acme.Example".lowerAscii() == tool.args.to[0]', true],
    ['tool.args.to[0] + "!" == "ann@acme.example!"', true],
    // facts
    ['subject.tenant == "acme" && subject.user != "bob"', true],
    ['tool.name == "refund" && model == "large"', true],
    ['stage == "tool_call" && point == "tool"', true],
    ['attributes.risk >= 2 && attributes["region"] == "eu"', true],
    ['attributes.flag == true', true],
    ['attributes.nothing == null', true],
    ['attributes.risk != null', true],
    ['label("untrusted") && !label("private")', true],
    // signals
    ['signal("pii") == 0.9', true],
    ['signal("secret") == 0', true],
    ['count("pii.email") == 2', true],
    ['detected("pii") && !detected("secret")', true],
    // lists
    ['tool.args.to.exists(x, x.endsWith("@evil.example"))', true],
    ['tool.args.to.all(x, x.contains("@"))', true],
    ['tool.args.to.exists_one(x, x.startsWith("eve"))', true],
    ['tool.args.empty.all(x, x == 1) && !tool.args.empty.exists(x, x == 1)', true],
    ['["a", "b"].exists(x, x == subject.user)', false],
    ['"amount" in tool.args', true],
    ['tool.args.exists(key, key == "amount")', true],
    ['"a" in tool.args.mixed', true],
    ['has(tool.args.amount) && !has(tool.args.nothing)', true],
    ['has(tool.args.nested.text)', true],
    ['true ? subject.tenant == "acme" : false', true],
  ])('%s is %s', (source, expected) => {
    expect(run(source)).toBe(expected);
  });

  test.each([
    ['a missing argument', 'tool.args.missing > 500', 'MISSING'],
    ['a missing fact', 'route == "/x"', 'MISSING'],
    ['a missing field of the subject', 'subject.session == "x"', 'MISSING'],
    ['an element beyond the list', 'tool.args.to[2] == "x"', 'MISSING'],
    ['a field below a missing one', 'has(tool.args.missing.deeper)', 'MISSING'],
    ['a text where a number is needed', 'tool.args.to[0] > 5', 'INVALID_ANSWER'],
    ['a number compared with a text', 'tool.args.amount == "900"', 'INVALID_ANSWER'],
    ['a list compared as a whole', 'tool.args.to == tool.args.to', 'INVALID_ANSWER'],
    ['a field of a text', 'tool.args.nested.text.deeper == "x"', 'INVALID_ANSWER'],
    ['a field of a list', 'tool.args.to.amount == 1', 'INVALID_ANSWER'],
    ['a number that is no position', 'tool.args.to[0.5] == "x"', 'INVALID_ANSWER'],
    ['a miss among elements of other types', '"b" in tool.args.mixed', 'INVALID_ANSWER'],
    ['a text iterated over', 'tool.args.nested.text.exists(x, x == "a")', 'INVALID_ANSWER'],
    ['the prototype of the arguments', 'tool.args.constructor == "x"', 'MISSING'],
    ['the prototype by index', 'tool.args["__proto__"] == "x"', 'MISSING'],
  ])('%s is a failure, not a false', (_, source, code) => {
    expect(run(source)).toBe(code);
  });

  test('an event without arguments has none to read', () => {
    const { args: _, ...bare } = event();
    expect(() => compile('tool.args.amount > 1').evaluate({ event: bare, signals })).toThrow('missing');
  });

  test('a side that settles the answer settles it, whatever failed on the other', () => {
    expect(run('tool.args.missing > 1 || true')).toBe(true);
    expect(run('true || tool.args.missing > 1')).toBe(true);
    expect(run('tool.args.missing > 1 && false')).toBe(false);
    expect(run('tool.args.missing > 1 && true')).toBe('MISSING');
    expect(run('tool.args.missing > 1 || false')).toBe('MISSING');
    expect(run('tool.args.mixed.exists(x, x == 1)')).toBe(true);
    expect(run('tool.args.mixed.exists(x, x == 2)')).toBe('INVALID_ANSWER');
    expect(run('tool.args.mixed.all(x, x == "b")')).toBe(false);
    expect(run('tool.args.mixed.exists_one(x, x == "a")')).toBe('INVALID_ANSWER');
  });

  test('a signal whose detector failed is unknown, unless another one settles it', () => {
    const unknown = (type: string): boolean => type === 'pii' || type === 'pii.email';
    const ask = (source: string, found = signals): unknown => {
      try {
        return compile(source).evaluate({ event: event(), signals: found, unknown });
      } catch (error) {
        return (error as ConditionError).code;
      }
    };
    expect(ask('signal("pii") > 0.5')).toBe(true);
    expect(ask('0.5 < signal("pii")')).toBe(true);
    expect(ask('signal("pii") > 0.95')).toBe('UNAVAILABLE');
    expect(ask('signal("pii") <= 0.5')).toBe(false);
    expect(ask('signal("pii") < 0.95')).toBe('UNAVAILABLE');
    expect(ask('0.95 <= signal("pii")')).toBe('UNAVAILABLE');
    expect(ask('signal("pii") == 0.9')).toBe('UNAVAILABLE');
    expect(ask('count("pii.email") >= 2')).toBe(true);
    expect(ask('count("pii.email") >= 3')).toBe('UNAVAILABLE');
    expect(ask('count("pii.email") > signal("pii")')).toBe('UNAVAILABLE');
    expect(ask('detected("pii")')).toBe(true);
    expect(ask('detected("pii")', [])).toBe('UNAVAILABLE');
    expect(ask('!detected("pii") || label("untrusted")', [])).toBe(true);
    expect(ask('signal("secret") == 0')).toBe(true);
  });

  test('says which signal types it reads', () => {
    expect(compile('detected("secret") || signal("pii") > 1 || count("pii") > 1')).toMatchObject({
      readsSignals: true,
      signalTypes: ['pii', 'secret'],
    });
    expect(compile('label("pii")')).toMatchObject({ readsSignals: false, signalTypes: [] });
  });
});

describe('D8: a condition that cannot mean anything does not load', () => {
  test.each([
    ['tool.args.amount', 0, 'a condition must be true or false; this is a `dyn`: compare it, as in `... == true`'],
    ['tool.arg.amount > 5', 5, '`tool` has no field `arg`; did you mean `args`?'],
    ['subject.teant == "a"', 8, '`subject` has no field `teant`; did you mean `tenant`?'],
    ['true && rout == "a"', 8, 'unknown variable `rout`; did you mean `route`?'],
    ['subject.tenant > 5', 0, 'the condition is not valid: no such overload: string > double'],
    ['subject.tenant == 5', 0, 'the condition is not valid: no such overload: string == double'],
    ['signal("pii") == "a"', 0, 'the condition is not valid: no such overload: double == string'],
    ['label("a") + 1 == 2', 0, 'the condition is not valid: no such overload: bool + double'],
    ['tool.args.amount >', 18, 'the condition is not valid: unexpected token: EOF'],
    ['tool.args.amount = 5', 17, 'the condition is not valid: `=` is not known; write `==` to compare'],
    [
      'tool.args.name.matches("(a+)+")',
      0,
      '`matches` is not part of conditions; put the pattern under `detectors` and read it with `detect`',
    ],
    ['tool.args.name.endWith("x")', 0, 'unknown method `endWith`; did you mean `endsWith`?'],
    [
      'timestamp("2026-01-01T00:00:00Z") > timestamp(0)',
      0,
      'unknown function `timestamp`; there are `signal`, `count`, `detected`, `label`, `has` or `size`',
    ],
    ['dyn(1) == 1', 0, 'unknown function `dyn`; there are `signal`, `count`, `detected`, `label`, `has` or `size`'],
    ['detcted("pii")', 0, 'unknown function `detcted`; did you mean `detected`?'],
    ['detected("pi")', 10, 'unknown type pi'],
    ['detected(subject.user)', 0, '`detected` takes one name in quotes, such as `detected("pii.email")`'],
    ['label()', 0, '`label` takes one name in quotes, such as `label("untrusted")`'],
    ['has(subject)', 0, '`has` takes a field, such as `has(tool.args.amount)`'],
    ['tool.args.a < "b"', 0, '`<` compares numbers, not texts'],
    ['tool.args.a == [1]', 0, '`==` does not take a list; use `in` or `exists`'],
    ['{"a": 1}.a == 1', 0, '`map` is not part of conditions'],
    ['tool.args.a % 2 == 0', 0, '`%` is not part of conditions'],
    ['tool.args.a == b"x"', 15, 'bytes and unsigned numbers are not part of conditions; write a plain text or number'],
    ['tool.args.a == 5u', 15, 'bytes and unsigned numbers are not part of conditions; write a plain text or number'],
    ['tool.args.a == 9007199254740993', 15, 'the number `9007199254740993` is too large to be exact'],
    [
      'tool.args.a.exists(x, x.exists(y, y == 1))',
      22,
      '`exists` inside another `exists`, `all` or `exists_one` is not part of conditions',
    ],
    ['tool.args.a.exists(tool, tool == 1)', 19, '`tool` is the name of a fact; choose another'],
    [
      'tool.args.a.map(x, x)',
      0,
      'unknown method `map`; there are `startsWith`, `endsWith`, `contains`, `lowerAscii`, `size`, `exists`, `all` or `exists_one`',
    ],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, 32, 'the condition is not valid: exceeded maxDepth (32)'],
    [
      Array.from({ length: 300 }, () => 'true').join(' && '),
      undefined,
      'the condition is not valid: exceeded maxAstNodes (500)',
    ],
    [
      `1 in [${Array.from({ length: 65 }, (_, i) => i).join()}]`,
      undefined,
      'the condition is not valid: exceeded maxListElements (64)',
    ],
  ])('%s', (source, offset, message) => {
    const [problem] = compiler.compile(source, { adviseType: advise, stages: STAGES }).problems ?? [];
    expect(problem?.message).toBe(message);
    if (offset !== undefined) expect(problem?.offset).toBe(offset);
  });
});

test.each([
  ['tool.args.amount > 5', ['input', 'tool_result'], 'no stage of the rule has `tool.args`; it exists at `tool_call`'],
  [
    'label("x") && tool.name == "a"',
    ['output'],
    'no stage of the rule has `tool.name`; it exists at `tool_call` or `tool_result`',
  ],
] as const)('D8: %s does not load on %j', (source, stages, message) => {
  expect(compiler.compile(source, { adviseType: advise, stages }).problems?.[0]?.message).toBe(message);
  expect(compiler.compile(source, { adviseType: advise, stages: [...stages, 'tool_call'] }).problems).toBeUndefined();
});

test('the behaviour version names the engine that is installed', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly dependencies: { readonly [name: string]: string };
  };
  const [name = '', version] = CONDITION_LANGUAGE.engine.split(' ');
  expect(manifest.dependencies[name]).toBe(version);
});

describe('no input stalls a condition', () => {
  const within = (ms: number, work: () => unknown): unknown => {
    const start = performance.now();
    const result = work();
    expect(performance.now() - start).toBeLessThan(ms);
    return result;
  };
  const many = (length: number): string[] => Array.from({ length }, () => 'x');

  test('a list of the arguments longer than 256 cannot be searched', () => {
    expect(run('tool.args.list.all(x, x == "x")', { list: many(256) })).toBe(true);
    expect(run('tool.args.list.all(x, x == "x")', { list: many(257) })).toBe('THREW');
    expect(run('"y" in tool.args.list', { list: many(257) })).toBe('THREW');
    expect(run('tool.args.exists(key, key == "x")', Object.fromEntries(many(300).map((_, i) => [`k${i}`, 1])))).toBe(
      'THREW',
    );
    expect(run('size(tool.args.list) == 1000', { list: many(1000) })).toBe(true);
  });

  test('substring searches built to be slow are given up', () => {
    const text = 'a'.repeat(2 ** 20);
    const part = `b${'a'.repeat(2 ** 19)}`;
    expect(within(1000, () => run('tool.args.text.contains(tool.args.part)', { text, part }))).toBe('THREW');
    const list = Array.from({ length: 256 }, () => text);
    expect(within(1000, () => run('tool.args.list.exists(x, x.contains("aaaaaaaaaaaaaaab"))', { list }))).toBe('THREW');
    expect(within(1000, () => run('tool.args.list.exists(x, x == tool.args.text + "b")', { list, text }))).toBe(
      'THREW',
    );
  });

  test('arguments nested beyond any stack are not walked', () => {
    let deep: Json = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(within(1000, () => run('tool.args.deep == tool.args.deep', { deep }))).toBe('INVALID_ANSWER');
    expect(within(1000, () => run('1 in tool.args.deep', { deep }))).toBe('INVALID_ANSWER');
  });
});
