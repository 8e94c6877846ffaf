import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from './document.ts';
import { loadPolicy } from './load.ts';
import { PolicyError } from './policy-error.ts';

const problems = async (source: string | PolicyDocument, file = 'p.yaml'): Promise<readonly string[]> => {
  try {
    await loadPolicy(source, { file });
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    expect(error.code).toBe('POLICY_INVALID');
    return error.message.split('\n');
  }
};

const HEAD = 'policy: p\nversion: 1\n';
const rule = (...fields: readonly string[]): string => `${HEAD}rules:\n  - ${fields.join('\n    ')}\n`;

describe('loading a policy', () => {
  test('reads YAML, JSON and objects alike', async () => {
    const fromYaml = await loadPolicy(`${HEAD}rules:\n  - { id: a, on: input, label: seen }\n`);
    const fromJson = await loadPolicy(
      '{\n\t"policy": "p",\n\t"version": 1,\n\t"rules": [{"id": "a", "on": "input", "label": "seen"}]\n}',
    );
    const fromObject = await loadPolicy({ policy: 'p', version: 1, rules: [{ id: 'a', on: 'input', label: 'seen' }] });
    expect(fromJson).toEqual(fromYaml);
    expect(fromObject).toEqual(fromYaml);
  });

  test('names every problem at once, with line, column and what to write instead', async () => {
    const text = [
      'policy: support assistant',
      'verson: 3',
      'onError: blok',
      'rules:',
      '  - id: no-secrets-out',
      '    on: [output, tool_cal]',
      '    detect: secret',
      '    then: block',
      '  - id: x',
      '    on: input',
      '    whenn: foo',
      '    detect: { type: pii.email, min: 2 }',
      '    then: redact',
      '  - id: x',
      '    on: tool_call',
      '    then: cooldown',
      '    reason: bad',
      '    strike: { abus: 1 }',
      '  - null',
      'cooldowns:',
      '  - id: abuse',
      '    after: { strikes: 3, within: 10 }',
      '    for: 1m',
    ].join('\n');
    expect(await problems(text)).toEqual([
      'p.yaml:1:1 the field `version` is missing',
      'p.yaml:1:9 `support assistant` is not accepted here; expected a letter, then letters and digits, with single `-`, `_` or `.` between them; did you mean `support-assistant`?',
      'p.yaml:2:1 unknown field `verson`; did you mean `version`?',
      'p.yaml:3:10 unknown value `blok`, expected `block` or `no_op`; did you mean `block`?',
      'p.yaml:6:18 unknown value `tool_cal`, expected `input`, `retrieval`, `output`, `tool_call` or `tool_result`; did you mean `tool_call`?',
      'p.yaml:8:11 a rule with `then: block` needs a `reason`, such as `reason: P_NO_SECRETS_OUT`',
      'p.yaml:11:5 unknown field `whenn`; did you mean `when`?',
      'p.yaml:12:37 at most 1 is accepted here; a score is from 0 to 1',
      'p.yaml:13:11 a rule with `then: redact` needs a `reason`, such as `reason: P_RULE_X`',
      'p.yaml:14:9 the id `x` is already used by rules[1]; ids must differ',
      'p.yaml:16:11 `cooldown` needs `ladder`: the entry under `cooldowns` that says how long',
      'p.yaml:17:13 the reason `bad` must be `P_` and 2 to 60 capital letters, digits or `_`; write `P_BAD`',
      'p.yaml:18:15 unknown ladder `abus`; did you mean `abuse`?',
      'p.yaml:19:5 expected a mapping, found nothing',
      'p.yaml:22:34 expected a string, found the number `10`; a length of time has a unit: `10s`',
    ]);
  });

  test('gives the path as the place in an object', async () => {
    const wrong = {
      policy: 'p',
      version: 1,
      rules: [{ id: 'a', on: 'input', then: 'blok' }],
    } as unknown as PolicyDocument;
    const error = (await loadPolicy(wrong).catch((thrown: unknown) => thrown)) as PolicyError;
    expect(error.issues).toEqual([
      {
        file: 'policy',
        line: 0,
        column: 0,
        path: 'rules[0].then',
        code: 'VALUE_UNKNOWN',
        message: 'unknown value `blok`, expected `allow`, `redact`, `cooldown` or `block`; did you mean `block`?',
      },
    ]);
    expect(error.message).toMatch(/^policy rules\[0\]\.then unknown value/);
  });

  test('keeps nothing of the object it was given, and freezes what it returns', async () => {
    const given = { policy: 'p', version: 1, facts: ['tool.args.a'] };
    const loaded = await loadPolicy(given);
    given.facts.push('tool.args.b');
    expect(loaded.facts).toEqual(['tool.args.a']);
    expect(Object.isFrozen(loaded)).toBe(true);
    expect(Object.isFrozen(loaded.facts)).toBe(true);
  });
});

/** A rule that loads, so that each case below is refused for what it is about. */
const BLOCK = ['then: block', 'reason: P_XX'];

describe('D8: what would be silently ineffective does not load', () => {
  const cases: readonly [string, string, string][] = [
    [
      'a rule on no stage',
      rule('id: a', 'on: []', ...BLOCK),
      'p.yaml:5:9 the list is empty; leave the field out or name something',
    ],
    ['a rule without a stage', rule('id: a', ...BLOCK), 'p.yaml:4:5 the field `on` is missing'],
    [
      'a rule that does nothing',
      rule('id: a', 'on: input'),
      'p.yaml:4:5 the rule does nothing; give it `then`, `label` or `strike`',
    ],
    [
      'a voting rule without a reason',
      rule('id: no-keys', 'on: input', 'then: block'),
      'p.yaml:6:11 a rule with `then: block` needs a `reason`, such as `reason: P_NO_KEYS`',
    ],
    [
      'a reason that nothing gives',
      rule('id: a', 'on: input', 'label: x', 'reason: P_XX'),
      'p.yaml:7:5 `reason` has no effect here: only a rule with `then` decides anything',
    ],
    [
      'a built-in reason',
      rule('id: a', 'on: input', 'then: block', 'reason: HALTED'),
      'p.yaml:7:13 the reason `HALTED` must be `P_` and 2 to 60 capital letters, digits or `_`; write `P_HALTED`',
    ],
    [
      'onError of a rule that does not vote',
      rule('id: a', 'on: input', 'label: x', 'onError: block'),
      'p.yaml:7:5 `onError` has no effect here: only a rule that votes can fail a decision',
    ],
    [
      'onError of a rule in shadow',
      rule('id: a', 'on: input', ...BLOCK, 'mode: shadow', 'onError: block'),
      'p.yaml:9:5 `onError` has no effect here: only a rule that votes can fail a decision',
    ],
    [
      'a tool where there is none',
      rule('id: a', 'on: [tool_call, input]', 'tool: refund', ...BLOCK),
      'p.yaml:6:5 `tool` has no effect here: only `tool_call` and `tool_result` have a tool; write a rule of its own for the other stages',
    ],
    [
      'redact without detect',
      rule('id: a', 'on: output', 'then: redact', 'reason: P_XX'),
      'p.yaml:6:11 `redact` needs `detect`: it masks what was detected',
    ],
    [
      'redact of arguments nobody may edit',
      rule('id: a', 'on: tool_call', 'detect: x', 'then: redact', 'reason: P_XX'),
      'p.yaml:7:11 `redact` on `tool_call` would rewrite arguments; say `editArgs: true` if that is meant',
    ],
    [
      'editArgs elsewhere',
      rule('id: a', 'on: output', 'detect: x', 'then: redact', 'reason: P_XX', 'editArgs: true'),
      'p.yaml:9:5 `editArgs` has no effect here: it belongs to `then: redact` on `tool_call`',
    ],
    [
      'a mask on another effect',
      rule('id: a', 'on: output', 'then: allow', 'mask: x'),
      'p.yaml:7:5 `mask` has no effect here: it belongs to `then: redact`',
    ],
    [
      'cooldown without a ladder',
      rule('id: a', 'on: input', 'then: cooldown', 'reason: P_XX'),
      'p.yaml:6:11 `cooldown` needs `ladder`: the entry under `cooldowns` that says how long',
    ],
    [
      'a ladder on another effect',
      `${rule('id: a', 'on: input', ...BLOCK, 'ladder: abuse')}cooldowns: [{ id: abuse, after: { strikes: 1, within: 1m }, for: 1m }]`,
      'p.yaml:8:5 `ladder` has no effect here: it belongs to `then: cooldown`; to count offences use `strike`',
    ],
    [
      'a strike on no ladder',
      rule('id: a', 'on: input', 'strike: {}'),
      'p.yaml:6:13 no ladder is struck; name one, such as `strike: { abuse: 1 }`',
    ],
    [
      'a strike on an unknown ladder',
      rule('id: a', 'on: input', 'strike: { abuse: 1 }'),
      'p.yaml:6:15 unknown ladder `abuse`; add it under `cooldowns`',
    ],
    [
      'a strike on a name of the prototype',
      rule('id: a', 'on: input', 'strike: { constructor: 1 }'),
      'p.yaml:6:15 unknown ladder `constructor`; add it under `cooldowns`',
    ],
    [
      'half a strike',
      rule('id: a', 'on: input', 'strike: { abuse: 0.5 }'),
      'p.yaml:6:22 expected a whole number, found the number `0.5`',
    ],
    [
      'a trail where nothing streams',
      rule('id: a', 'on: input', ...BLOCK, 'stream: trail'),
      'p.yaml:8:5 `stream` has no effect here: only a voting rule on `output` holds a stream',
    ],
    [
      'a ladder nobody climbs',
      `${HEAD}cooldowns:\n  - id: abuse\n    after: { strikes: 1, within: 1m }\n    for: 1m\n`,
      'p.yaml:4:9 no rule puts anyone on the ladder `abuse`; add `strike: { abuse: 1 }` to one',
    ],
    [
      'an escalation that ends below its start',
      `${rule('id: a', 'on: input', 'strike: { abuse: 1 }')}cooldowns:\n  - id: abuse\n    after: { strikes: 1, within: 1m }\n    for: 1h\n    escalate: { max: 1m, forget: 1h }\n`,
      'p.yaml:11:22 `max` is shorter than the first cooldown (`for`)',
    ],
    [
      'the id of a limit that a rule has',
      `${rule('id: a', 'on: input', 'label: x')}limits: [{ id: a, allow: 1, per: 1m }]\n`,
      'p.yaml:7:16 the id `a` is already used by rules[0]; ids must differ',
    ],
    [
      'a limit by tool on a stage without tools',
      `${HEAD}limits: [{ id: a, allow: 1, per: 1m, key: tool }]\n`,
      'p.yaml:3:43 a limit by `tool` must be `on: tool_call` or `tool_result`; other stages have no tool',
    ],
    [
      'a limit on an argument at a stage without arguments',
      `${HEAD}limits: [{ id: a, allow: 1, per: 1m, on: [tool_call, tool_result], tool: t, unit: tool.args.amount }]\n`,
      'p.yaml:3:83 an argument is reserved with the call: say `on: tool_call`',
    ],
    [
      'a limit on an argument of any tool',
      `${HEAD}limits: [{ id: a, allow: 1, per: 1m, on: tool_call, unit: tool.args.amount }]\n`,
      'p.yaml:3:59 name the tools that have this argument, such as `tool: transfer`',
    ],
    [
      'a limit on what is no argument',
      `${HEAD}limits: [{ id: a, allow: 1, per: 1m, on: tool_call, tool: t, unit: tool.arg.amount }]\n`,
      'p.yaml:3:68 `tool.arg.amount` names no argument; expected a path such as `tool.args.amount`',
    ],
    [
      'more than can be counted in millionths',
      `${HEAD}limits: [{ id: a, allow: 9007199255, per: 1m, on: tool_call, tool: t, unit: tool.args.a }]\n`,
      'p.yaml:3:26 at most 9007199254 is accepted here: amounts are counted in millionths',
    ],
    [
      'the tool of a limit on prompts',
      `${HEAD}limits: [{ id: a, allow: 1, per: 1m, tool: t }]\n`,
      'p.yaml:3:38 `tool` has no effect here: only `tool_call` and `tool_result` have a tool',
    ],
    [
      'a day without a time zone',
      `${HEAD}limits: [{ id: a, allow: 1, per: day }]\n`,
      'p.yaml:3:34 `per: day` needs `timeZone`, such as `Europe/Berlin` or `UTC`',
    ],
    [
      'a time zone that is none',
      `${HEAD}limits: [{ id: a, allow: 1, per: day, timeZone: Europe/Berlln }]\n`,
      'p.yaml:3:49 `Europe/Berlln` is no time zone; expected a name such as `Europe/Berlin`',
    ],
    [
      'a time zone for a length of time',
      `${HEAD}limits: [{ id: a, allow: 1, per: 24h, timeZone: UTC }]\n`,
      'p.yaml:3:39 `timeZone` has no effect here: only `day`, `week` and `month` begin by a calendar',
    ],
    [
      'a window of a day',
      `${HEAD}limits: [{ id: a, allow: 1, per: day, timeZone: UTC, window: fixed }]\n`,
      'p.yaml:3:54 `window` has no effect here: it begins and ends by the calendar',
    ],
    ['half an event', `${HEAD}limits: [{ id: a, allow: 1.5, per: 1m }]\n`, 'p.yaml:3:26 `1.5` must be a whole number'],
    [
      'a window for what is in flight',
      `${HEAD}limits: [{ id: a, allow: 1, per: 1m, unit: in_flight, window: fixed }]\n`,
      'p.yaml:3:55 `window` has no effect here: what is in flight is counted until it is over',
    ],
    [
      'a mask that nothing puts',
      `${rule('id: a', 'on: output', 'detect: pii.email', 'then: redact', 'reason: P_XX')}masks: { pii: x, secret: y }\n`,
      'p.yaml:9:18 the mask of `secret` has no effect: no rule redacts it',
    ],
    [
      'a mask beside the one of the only rule',
      `${rule('id: a', 'on: output', 'detect: pii', 'then: redact', 'reason: P_XX', 'mask: z')}masks: { pii: x }\n`,
      'p.yaml:10:10 the mask of `pii` has no effect: no rule redacts it',
    ],
    [
      'a score nothing reaches',
      rule('id: a', 'on: input', 'detect: { type: pii, min: 1.5 }', ...BLOCK),
      'p.yaml:6:31 at most 1 is accepted here; a score is from 0 to 1',
    ],
    [
      'a pattern that is none',
      `${HEAD}detectors:\n  - id: x\n    patterns: ["(a"]\n`,
      'p.yaml:5:16 `(a` is not a regular expression: at 1:1 cannot be read (Invalid regular expression: /(a/: Unterminated group): correct it',
    ],
    [
      'a pattern that is none in its dialect',
      `${HEAD}detectors:\n  - id: x\n    dialect: re2\n    patterns: [a, 'ab\\Kc']\n`,
      'p.yaml:6:19 `ab\\Kc` is not a regular expression: at 1:3 has the escape `\\K`, which is not known here: see the reference of patterns',
    ],
    [
      'flags of another dialect',
      `${HEAD}detectors:\n  - id: x\n    dialect: python\n    patterns: [{ pattern: a, flags: v }]\n`,
      'p.yaml:6:16 the flags `v` are not accepted; `i`, `m`, `s` and `x` are',
    ],
    [
      'a dialect that nobody knows',
      `${HEAD}detectors:\n  - { id: x, patterns: a, dialect: perl }\n`,
      'p.yaml:4:36 unknown value `perl`, expected `js`, `re2`, `pcre` or `python`; did you mean `pcre`?',
    ],
    [
      'flags that mean nothing',
      `${HEAD}detectors:\n  - id: x\n    patterns: [{ pattern: a, flags: g }]\n`,
      'p.yaml:5:16 the flags `g` are not accepted; `i`, `m`, `s`, `u` and `v` are; leave them out, every match is found',
    ],
    [
      'a detector that is nothing',
      `${HEAD}detectors:\n  - { id: x, phrase: [a] }\n`,
      'p.yaml:4:5 the field `phrases` is missing',
    ],
    [
      'a duration without a unit',
      `${HEAD}deadline: 50\n`,
      'p.yaml:3:11 expected a string, found the number `50`; a length of time has a unit: `50ms`',
    ],
    [
      'a duration of nothing',
      `${HEAD}deadline: 0ms\n`,
      'p.yaml:3:11 `0ms` is not accepted here; expected a whole number and its unit: `50ms`, `30s`, `10m`, `24h`, `7d`',
    ],
    [
      'a fact that is no argument',
      `${HEAD}facts: [subject.user]\n`,
      'p.yaml:3:9 `subject.user` is not accepted here; expected the path of an argument, such as `tool.args.amount`',
    ],
  ];
  test.each(cases)('%s', async (_, text, expected) => {
    expect(await problems(text)).toContain(expected);
  });
});

describe('text that is no policy', () => {
  test('an alias is told beside its anchor', async () => {
    expect(await problems(`${HEAD}rules: &a []\nlimits: *a\n`)).toEqual([
      'p.yaml:3:11 the anchor `a` is not accepted; write values out',
      'p.yaml:4:9 an alias is not accepted; write the value out',
    ]);
  });

  const cases: readonly [string, string, string][] = [
    ['nothing', '', 'p.yaml:1:1 expected a mapping, found nothing'],
    [
      'a duplicate key',
      `${HEAD}version: 2\n`,
      'p.yaml:3:1 the key `version` stands here for the second time; keep one',
    ],
    ['an anchor', `${HEAD}rules: &a []\n`, 'p.yaml:3:11 the anchor `a` is not accepted; write values out'],
    [
      'a text that begins like an alias',
      `${HEAD}rules: []\nlimits: *a\n`,
      "p.yaml:4:9 a text that begins with `*` is an alias in YAML; put it in single quotes: `'*a'`",
    ],
    ['a tag', `${HEAD}mode: !x off\n`, 'p.yaml:3:10 the tag `!x` is not accepted; a policy is plain data'],
    ['a core tag', `${HEAD}mode: !!str off\n`, 'p.yaml:3:13 the tag `!!str` is not accepted; a policy is plain data'],
    ['a merge key', `${HEAD}<<: { mode: off }\n`, 'p.yaml:3:1 unknown field `<<`'],
    ['a directive', `%YAML 1.1\n---\n${HEAD}`, 'p.yaml:1:1 a directive is not accepted; a policy is YAML 1.2'],
    ['a second document', `${HEAD}---\nmode: off\n`, 'p.yaml:3:1 a policy is one document; remove the second'],
    ['a key that is no word', `${HEAD}1: 2\n`, 'p.yaml:3:1 a key must be a plain word'],
    [
      'an open list',
      `${HEAD}rules: [\n`,
      'p.yaml:4:1 flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a tab as indentation',
      `${HEAD}rules:\n\t- id: x\n`,
      'p.yaml:4:1 tabs are not allowed as indentation; indent with spaces',
    ],
    ['a prototype key', `${HEAD}__proto__: { mode: off }\n`, 'p.yaml:3:1 unknown field `__proto__`'],
    [
      'a prototype key in JSON',
      '{"policy":"p","version":1,"__proto__":{"mode":"off"}}',
      'p.yaml:1:27 unknown field `__proto__`',
    ],
    ['a name of the prototype', `${HEAD}constructor: 1\n`, 'p.yaml:3:1 unknown field `constructor`'],
    ['a NUL', `${HEAD}mode: "o\0ff"\n`, 'p.yaml:3:9 a control character (U+0000) is not accepted in a policy'],
    [
      'half a surrogate pair',
      `${HEAD}mode: "\uD800"\n`,
      'p.yaml:3:8 half a surrogate pair (U+D800) is not accepted in a policy',
    ],
    [
      'half a surrogate pair as an escape',
      `${HEAD}mode: "\\uD800"\n`,
      'p.yaml:3:7 the text contains half a surrogate pair',
    ],
    ['50 MB', ' '.repeat(50e6), 'p.yaml:1:1 the policy has 50000000 characters; at most 524288 are accepted'],
    [
      'lists in lists',
      `${HEAD}rules: ${'['.repeat(50_000)}`,
      'p.yaml:3:40 the policy is nested more than 32 levels deep',
    ],
    [
      'mappings in mappings',
      `${HEAD}rules: ${'{a: '.repeat(50_000)}`,
      'p.yaml:3:133 the policy is nested more than 32 levels deep',
    ],
    [
      'dashes after dashes',
      `${HEAD}rules:\n${'- '.repeat(50_000)}`,
      'p.yaml:4:65 the policy is nested more than 32 levels deep',
    ],
  ];
  test.each(cases)('%s is refused with its place', { timeout: 180_000 }, async (_, text, expected) => {
    expect((await problems(text))[0]).toBe(expected);
  });

  test('keeps the words of YAML 1.1 words', async () => {
    expect((await loadPolicy(`${HEAD}mode: off\n`)).mode).toBe('off');
  });

  test('lists a hundred problems and counts the rest', async () => {
    const lines = await problems(HEAD + Array.from({ length: 250 }, (_, i) => `k${i}: 1`).join('\n'));
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('and 150 more');
  });
});

describe('objects that are no policy', () => {
  const cyclic: { policy: string; version: number; rules: unknown[] } = { policy: 'p', version: 1, rules: [] };
  cyclic.rules.push(cyclic);
  let deep: unknown = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const cases: readonly [string, unknown, string][] = [
    ['nothing', undefined, 'a policy is plain data; `undefined` is not accepted'],
    [
      'a function',
      { policy: 'p', version: 1, rules: [() => 1] },
      'rules[0] a policy is plain data; `function` is not accepted',
    ],
    [
      'a class instance',
      { policy: 'p', version: new Date(0) },
      'version a policy is plain data; a class instance is not accepted',
    ],
    ['NaN', { policy: 'p', version: Number.NaN }, 'version the number `NaN` is not finite'],
    ['a cycle', cyclic, 'the policy is nested more than 32 levels deep'],
    [
      'a hundred thousand levels',
      { policy: 'p', version: 1, rules: deep },
      'the policy is nested more than 32 levels deep',
    ],
    [
      'a prototype key',
      JSON.parse('{"policy":"p","version":1,"__proto__":{"mode":"off"}}'),
      'unknown field `__proto__`',
    ],
    [
      'a list with a hole of a billion',
      { policy: 'p', version: 1, rules: Array.from({ length: 0 }).concat(Array(1e9)) },
      'rules the list has 1000000000 entries',
    ],
  ];
  test.each(cases)('%s is refused', async (_, value, expected) => {
    expect((await problems(value as PolicyDocument)).join('\n')).toContain(expected);
  });
});
