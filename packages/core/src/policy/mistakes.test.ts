import { describe, expect, test } from 'vitest';
import { assemble } from '../assemble.ts';
import { draftPolicy } from './document/read.ts';
import { PolicyError, type PolicyIssue } from './document/policy-error.ts';

/**
 * Mistakes that newcomers make, as they make them: the policy they write, what they are told, and the change that the
 * advice asks for. With the change the policy loads.
 */
interface Mistake {
  readonly name: string;
  /** What is written wrongly, in a policy that is right otherwise. */
  readonly policy: string;
  /** `line:column CODE`, of the problem this is about. */
  readonly place: string;
  readonly message: string;
  /** What the message asks for: text to replace, and what to put there. */
  readonly repair: readonly [from: string, to: string];
}

const HEAD = 'policy: p\nversion: 1\n';
const lines = (...text: readonly string[]): string => `${HEAD}${text.join('\n')}\n`;
/** A rule on personal data with one line more, or another in the place of one. */
const RULE = [
  'detectors:',
  '  - use: pii',
  'rules:',
  '  - id: no-mail',
  '    on: output',
  '    detect: pii.email',
  '    then: block',
  '    reason: P_MAIL',
];
const withLine = (...more: readonly string[]): string => lines(...RULE, ...more.map((line) => `    ${line}`));
const replaced = (from: string, to: string): string => lines(...RULE).replace(from, to);
const condition = (when: string, on = 'tool_call'): string =>
  lines('rules:', '  - id: cap', `    on: ${on}`, `    when: ${when}`, '    then: block', '    reason: P_CAP');
const pattern = (...text: readonly string[]): string =>
  lines(
    'detectors:',
    '  - id: ticket',
    ...text.map((line) => `    ${line}`),
    'rules:',
    '  - id: t',
    '    on: input',
    '    detect: ticket',
    '    then: block',
    '    reason: P_TICKET',
  );

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a threshold that nothing reaches',
    place: '8:35 NO_EFFECT',
    message:
      '`harmful` is reported with 0.6 at most, so a `min` of 0.8 leaves nothing that counts; ask for 0.6 or less',
    policy: replaced('use: pii', 'use: harmful').replace('detect: pii.email', 'detect: { type: harmful, min: 0.8 }'),
    repair: ['min: 0.8', 'min: 0.6'],
  },
  {
    name: 'the same in a condition',
    place: '8:11 CONDITION_CONSTANT',
    message: 'the condition is always false, so the rule never matches; `harmful.lexicon` is reported with 0.4 at most',
    policy: replaced('use: pii', 'use: harmful').replace('detect: pii.email', 'when: signal("harmful.lexicon") > 0.5'),
    repair: ['> 0.5', '> 0.3'],
  },
  {
    name: 'a condition on another tool than that of the rule',
    place: '7:11 CONDITION_CONSTANT',
    message: 'the condition is always false, so the rule never matches; correct it, or remove the rule',
    policy: lines(
      'rules:',
      '  - id: cap',
      '    on: tool_call',
      '    tool: [refund, pay]',
      '    when: tool.name == "refnd" && tool.args.amount > 5',
      '    then: block',
      '    reason: P_CAP',
    ),
    repair: ['"refnd"', '"refund"'],
  },
  {
    name: 'the name of the pack in the place of its type',
    place: '8:13 TYPE_UNKNOWN',
    message: 'no detector reports `secrets`; did you mean `secret`?',
    policy: lines(
      'detectors:',
      '  - use: secrets',
      'rules:',
      '  - id: keys',
      '    on: output',
      '    detect: secrets',
      '    then: block',
      '    reason: P_KEYS',
    ),
    repair: ['detect: secrets', 'detect: secret'],
  },
  {
    name: 'a type that no detector of the policy reports',
    place: '6:13 TYPE_UNKNOWN',
    message: 'no detector of this policy reports `secret`; name one under `detectors`, such as `- use: secrets`',
    policy: lines(
      'rules:',
      '  - id: keys',
      '    on: output',
      '    detect: secret',
      '    then: block',
      '    reason: P_KEYS',
    ),
    repair: ['rules:', 'detectors:\n  - use: secrets\nrules:'],
  },
  {
    name: 'the last part of a type',
    place: '8:13 TYPE_UNKNOWN',
    message: 'no detector reports `email`; did you mean `pii.email`?',
    policy: replaced('detect: pii.email', 'detect: email'),
    repair: ['detect: email', 'detect: pii.email'],
  },
  {
    name: 'a type with a star',
    place: '8:13 VALUE_FORMAT',
    message:
      '`pii.*` is not accepted here; expected a signal type such as `pii.email`; `pii` stands for everything below it',
    policy: replaced('detect: pii.email', 'detect: pii.*'),
    repair: ['detect: pii.*', 'detect: pii'],
  },
  {
    name: 'a detector that nobody knows',
    place: '4:5 DETECTOR_UNKNOWN',
    message:
      'there is no detector `presidio`; there are `pii`, `secrets`, `injection`, `hidden`, `harmful`, `leakage` or `exfiltration`, with their parts (`pii/de`) and types (`pii.email`)',
    policy: replaced('use: pii', 'use: presidio'),
    repair: ['use: presidio', 'use: pii'],
  },
  {
    name: 'a detector by the last part of its name',
    place: '4:5 DETECTOR_UNKNOWN',
    message: 'there is no detector `email`; did you mean `pii.email`?',
    policy: replaced('use: pii', 'use: email'),
    repair: ['use: email', 'use: pii.email'],
  },
  {
    name: 'detectors without use',
    place: '4:5 VALUE_TYPE',
    message: 'expected a mapping, found the string `"pii"`; write `use: pii`',
    policy: replaced('- use: pii', '- pii'),
    repair: ['- pii', '- use: pii'],
  },
  {
    name: 'detectors that are one word',
    place: '3:12 VALUE_TYPE',
    message: 'expected a list, found the string `"pii"`; write `[{ use: pii }]`',
    policy: replaced('detectors:\n  - use: pii', 'detectors: pii'),
    repair: ['detectors: pii', 'detectors: [{ use: pii }]'],
  },
  {
    name: 'an effect and no reason',
    place: '6:11 FIELD_NEEDED',
    message: 'a rule with `then: block` needs a `reason`, such as `reason: P_RULE_A`',
    policy: lines('rules:', '  - id: a', '    on: tool_call', '    then: block'),
    repair: ['then: block', 'then: block\n    reason: P_RULE_A'],
  },
  {
    name: 'a reason without its head',
    place: '10:13 REASON_INVALID',
    message: 'the reason `mail-leak` must be `P_` and 2 to 60 capital letters, digits or `_`; write `P_MAIL_LEAK`',
    policy: replaced('P_MAIL', 'mail-leak'),
    repair: ['mail-leak', 'P_MAIL_LEAK'],
  },
  {
    name: 'one equals sign',
    place: '6:28 CONDITION_INVALID',
    message: 'the condition is not valid: `=` is not known; write `==` to compare',
    policy: condition('tool.args.amount = 500'),
    repair: ['= 500', '== 500'],
  },
  {
    name: 'three equals signs',
    place: '6:26 CONDITION_INVALID',
    message: 'the condition is not valid: `===` is not known; write `==`',
    policy: condition('tool.args.kind === "a"'),
    repair: ['===', '=='],
  },
  {
    name: 'and in words',
    place: '6:32 CONDITION_INVALID',
    message: 'the condition is not valid: `and` is not known; write `&&`',
    policy: condition('tool.args.amount > 5 and tool.name == "pay"'),
    repair: [' and ', ' && '],
  },
  {
    name: 'or in words',
    place: '6:32 CONDITION_INVALID',
    message: 'the condition is not valid: `or` is not known; write `||`',
    policy: condition('tool.args.amount > 5 or tool.name == "pay"'),
    repair: [' or ', ' || '],
  },
  {
    name: 'not in words',
    place: '6:11 CONDITION_INVALID',
    message: 'the condition is not valid: `not` is not known; write `!`',
    policy: condition('not label("seen")'),
    repair: ['not label("seen")', '\'!label("seen")\''],
  },
  {
    name: 'a condition that begins with an exclamation mark',
    place: '6:11 TEXT_INVALID',
    message: 'a value that begins with `!` is a tag in YAML; put it in single quotes: `\'!label("seen")\'`',
    policy: condition('!label("seen")'),
    repair: ['!label("seen")', '\'!label("seen")\''],
  },
  {
    name: 'a condition that begins with a quote',
    place: '6:11 TEXT_INVALID',
    message:
      'a value that begins with a quote ends with it; put all of it in single quotes: `\'"a" in tool.args.list\'`',
    policy: condition('"a" in tool.args.list'),
    repair: ['"a" in tool.args.list', '\'"a" in tool.args.list\''],
  },
  {
    name: 'arguments without their tool',
    place: '6:11 CONDITION_INVALID',
    message: 'unknown variable `args`; did you mean `tool.args`?',
    policy: condition('args.amount > 500'),
    repair: ['args.amount', 'tool.args.amount'],
  },
  {
    name: 'a text without quotes',
    place: '6:24 CONDITION_INVALID',
    message:
      'unknown variable `refund`; there are `subject`, `tool`, `attributes`, `model`, `route`, `stage` or `point`, and texts are in quotes: `"refund"`',
    policy: condition('tool.name == refund'),
    repair: ['refund', '"refund"'],
  },
  {
    name: 'a type without quotes',
    place: '8:11 CONDITION_INVALID',
    message: '`signal` takes one name in quotes, such as `signal("pii.email")`',
    policy: replaced('    detect: pii.email', '    when: signal(pii.email) > 0.5'),
    repair: ['signal(pii.email)', 'signal("pii.email")'],
  },
  {
    name: 'a number in quotes',
    place: '6:11 CONDITION_INVALID',
    message: '`>` compares numbers, not texts; write `500` without quotes',
    policy: condition('tool.args.amount > "500"'),
    repair: ['"500"', '500'],
  },
  {
    name: 'the user without the subject',
    place: '6:11 CONDITION_INVALID',
    message: 'unknown variable `user`; did you mean `subject.user`?',
    policy: condition('user == "ann"'),
    repair: ['user ==', 'subject.user =='],
  },
  {
    name: 'a condition on the text',
    place: '6:11 CONDITION_INVALID',
    message: 'unknown variable `text`; conditions do not read the text: use `detect`, which reads detectors',
    policy: condition('text.contains("secret")', 'input'),
    repair: [
      'rules:\n  - id: cap\n    on: input\n    when: text.contains("secret")',
      'detectors:\n  - use: pii\nrules:\n  - id: cap\n    on: input\n    detect: pii',
    ],
  },
  {
    name: 'a score in per cent',
    place: '8:11 CONDITION_CONSTANT',
    message: 'the condition is always false, so the rule never matches; a score is from 0 to 1',
    policy: replaced('    detect: pii.email', '    when: signal("pii.email") > 80'),
    repair: ['> 80', '> 0.8'],
  },
  {
    name: 'a least score in per cent',
    place: '8:37 VALUE_RANGE',
    message: 'at most 1 is accepted here; a score is from 0 to 1: `0.8`',
    policy: replaced('detect: pii.email', 'detect: { type: pii.email, min: 80 }'),
    repair: ['80', '0.8'],
  },
  {
    name: 'a type as a key',
    place: '8:15 FIELD_UNKNOWN',
    message: 'unknown field `pii.email`; write `{ type: pii.email, min: … }`',
    policy: replaced('detect: pii.email', 'detect: { pii.email: 0.8 }'),
    repair: ['{ pii.email: 0.8 }', '{ type: pii.email, min: 0.8 }'],
  },
  {
    name: 'a backslash in double quotes',
    place: '5:16 TEXT_INVALID',
    message: 'in double quotes YAML reads `\\d` as an escape; put the text in single quotes, where a backslash is one',
    policy: pattern('patterns: "\\d{3}"'),
    repair: ['"\\d{3}"', "'\\d{3}'"],
  },
  {
    name: 'a pattern in slashes',
    place: '5:15 PATTERN_SYNTAX',
    message:
      "`/TCK-[0-9]+/i` would look for its slashes; write `{ pattern: 'TCK-[0-9]+', flags: i }`, or `\\/` where a slash is meant",
    policy: pattern('patterns: /TCK-[0-9]+/i'),
    repair: ['/TCK-[0-9]+/i', "{ pattern: 'TCK-[0-9]{1,9}', flags: i }"],
  },
  {
    name: 'a list of patterns without quotes',
    place: '5:22 TEXT_INVALID',
    message: '`[`, `{`, `,` and `: ` mean something in YAML; put each pattern in single quotes',
    policy: pattern('patterns: [TCK-\\d{6}]'),
    repair: ['[TCK-\\d{6}]', "['TCK-\\d{6}']"],
  },
  {
    name: 'a flag for all matches',
    place: '5:15 PATTERN_INVALID',
    message:
      'the flags `gi` are not accepted; `i`, `m`, `s`, `u` and `v` are; leave the others out, every match is found',
    policy: pattern("patterns: { pattern: 'TCK', flags: gi }"),
    repair: ['gi', 'i'],
  },
  {
    name: 'an entry without a colon',
    place: '4:5 TEXT_INVALID',
    message: '`id a` lacks a colon; write `id: a`',
    policy: lines('rules:', '  - id a', '    on: tool_call', '    then: allow'),
    repair: ['id a', 'id: a'],
  },
  {
    name: 'deny',
    place: '9:11 VALUE_UNKNOWN',
    message: 'unknown value `deny`, expected `allow`, `redact`, `cooldown` or `block`; did you mean `block`?',
    policy: replaced('then: block', 'then: deny'),
    repair: ['deny', 'block'],
  },
  {
    name: 'mask',
    place: '9:11 VALUE_UNKNOWN',
    message: 'unknown value `mask`, expected `allow`, `redact`, `cooldown` or `block`; did you mean `redact`?',
    policy: replaced('then: block', 'then: mask'),
    repair: ['mask', 'redact'],
  },
  {
    name: 'response',
    place: '7:9 VALUE_UNKNOWN',
    message:
      'unknown value `response`, expected `input`, `retrieval`, `output`, `tool_call` or `tool_result`; did you mean `output`?',
    policy: replaced('on: output', 'on: response'),
    repair: ['response', 'output'],
  },
  {
    name: 'request',
    place: '7:9 VALUE_UNKNOWN',
    message:
      'unknown value `request`, expected `input`, `retrieval`, `output`, `tool_call` or `tool_result`; did you mean `input`?',
    policy: replaced('on: output', 'on: request'),
    repair: ['request', 'input'],
  },
  {
    name: 'stages in one word',
    place: '7:9 VALUE_UNKNOWN',
    message:
      'unknown value `input, output`, expected `input`, `retrieval`, `output`, `tool_call` or `tool_result`; write a list: `[input, output]`',
    policy: replaced('on: output', 'on: input, output'),
    repair: ['on: input, output', 'on: [input, output]'],
  },
  {
    name: 'action',
    place: '9:5 FIELD_UNKNOWN',
    message: 'unknown field `action`; did you mean `then`?',
    policy: replaced('then: block', 'action: block'),
    repair: ['action:', 'then:'],
  },
  {
    name: 'a description',
    place: '11:5 FIELD_UNKNOWN',
    message: 'unknown field `description`; what people should read is a comment: `# …`',
    policy: withLine('description: no addresses'),
    repair: ['description: no addresses', '# no addresses'],
  },
  {
    name: 'a comment with slashes',
    place: '3:1 TEXT_INVALID',
    message: 'a comment begins with `#`, not with `//`',
    policy: lines('// no addresses', ...RULE),
    repair: ['//', '#'],
  },
  {
    name: 'a comment with slashes behind a value',
    place: '9:11 VALUE_UNKNOWN',
    message:
      'unknown value `block // no addresses`, expected `allow`, `redact`, `cooldown` or `block`; a comment begins with `#`: `block # no addresses`',
    policy: replaced('then: block', 'then: block // no addresses'),
    repair: ['//', '#'],
  },
  {
    name: 'rules by name',
    place: '4:3 VALUE_TYPE',
    message: 'expected a list, found a mapping; write a list: `- id: cap`',
    policy: lines('rules:', '  cap:', '    on: tool_call', '    then: allow'),
    repair: ['  cap:\n', '  - id: cap\n'],
  },
  {
    name: 'a tab',
    place: '4:1 TEXT_INVALID',
    message: 'tabs are not allowed as indentation; indent with spaces',
    policy: lines('rules:', '\t- id: a', '\t  on: tool_call', '\t  then: allow'),
    repair: ['\t', '  '],
  },
  {
    name: 'a field that is indented otherwise',
    place: '5:1 TEXT_INVALID',
    message: 'the line is indented unlike the other fields of its entry; indent all of them alike',
    policy: lines('rules:', '  - id: a', '   on: tool_call', '    then: allow'),
    repair: ['   on:', '    on:'],
  },
  {
    name: 'dry-run',
    place: '1:7 VALUE_UNKNOWN',
    message: 'unknown value `dry-run`, expected `enforce`, `shadow` or `off`; did you mean `shadow`?',
    policy: `mode: dry-run\n${lines(...RULE)}`,
    repair: ['dry-run', 'shadow'],
  },
  {
    name: 'a mode of on',
    place: '1:7 VALUE_UNKNOWN',
    message: 'unknown value `on`, expected `enforce`, `shadow` or `off`; did you mean `enforce`?',
    policy: `mode: on\n${lines(...RULE)}`,
    repair: ['mode: on', 'mode: enforce'],
  },
  {
    name: 'fail open',
    place: '1:10 VALUE_UNKNOWN',
    message: 'unknown value `open`, expected `block` or `no_op`; did you mean `no_op`?',
    policy: `onError: open\n${lines(...RULE)}`,
    repair: ['open', 'no_op'],
  },
  {
    name: 'a default of deny',
    place: '1:10 VALUE_UNKNOWN',
    message: 'unknown value `deny`, expected `allow` or `block`; did you mean `block`?',
    policy: `default: deny\n${lines(...RULE)}`,
    repair: ['deny', 'block'],
  },
  {
    name: 'a type by its name in another tool',
    place: '8:13 TYPE_UNKNOWN',
    message: 'no detector reports `pii.ip_address`; did you mean `pii.ip`?',
    policy: replaced('pii.email', 'pii.ip_address'),
    repair: ['pii.ip_address', 'pii.ip'],
  },
  {
    name: 'an API key, which is a secret here',
    place: '4:5 DETECTOR_UNKNOWN',
    message: 'there is no detector `api_key`; did you mean `secrets`?',
    policy: replaced('use: pii', 'use: api_key\n  - use: pii'),
    repair: ['api_key', 'secrets'],
  },
  {
    name: 'stages without a comma',
    place: '7:10 VALUE_UNKNOWN',
    message:
      'unknown value `input output`, expected `input`, `retrieval`, `output`, `tool_call` or `tool_result`; write a list: `[input, output]`',
    policy: replaced('on: output', 'on: [input output]'),
    repair: ['[input output]', '[input, output]'],
  },
  {
    name: 'stages without brackets',
    place: '6:25 FIELD_UNKNOWN',
    message: 'unknown field `output`; write a list: `on: [input, output]`',
    policy: lines(
      ...RULE.slice(0, 3),
      '  - { id: a, on: input, output, detect: pii.email, then: block, reason: P_MAIL }',
    ),
    repair: ['on: input, output', 'on: [input, output]'],
  },
  {
    name: 'a mask of stars',
    place: '10:11 TEXT_MISLEADING',
    message: "a text that begins with `*` is an alias in YAML; put it in single quotes: `'***'`",
    policy: replaced('then: block', 'then: redact\n    mask: ***'),
    repair: ['***', "'***'"],
  },
  {
    name: 'an entry that is indented unlike the one before',
    place: '5:1 TEXT_INVALID',
    message: 'the entries of a list stand below each other: indent each `-` alike',
    policy: replaced('  - use: pii', '  - use: pii\n - use: secrets'),
    repair: ['\n - use: secrets', '\n  - use: secrets'],
  },
  {
    name: 'a length of time in milliseconds',
    place: '4:29 VALUE_TYPE',
    message: 'expected a string, found the number `60000`; a length of time has a unit: `60s`',
    policy: lines('limits:', '  - { id: m, allow: 5, per: 60000 }'),
    repair: ['60000', '60s'],
  },
  {
    name: 'a score in percent',
    place: '8:37 VALUE_TYPE',
    message: 'expected a number, found the string `"90%"`; a score is from 0 to 1: `0.9`',
    policy: replaced('detect: pii.email', 'detect: { type: pii.email, min: 90% }'),
    repair: ['90%', '0.9'],
  },
  {
    name: 'a field of phrases beside expressions',
    place: '6:5 FIELD_UNKNOWN',
    message: 'unknown field `marks`; it belongs to a detector with `phrases`',
    policy: pattern("patterns: 'TCK-0'", 'marks: true'),
    repair: ["patterns: 'TCK-0'", "phrases: 'TCK-0'"],
  },
  {
    name: 'a field of expressions beside a pack',
    place: '5:5 FIELD_UNKNOWN',
    message: 'unknown field `dialect`; it belongs to a detector with `patterns`',
    policy: replaced('  - use: pii', '  - use: pii\n    dialect: re2'),
    repair: ['\n    dialect: re2', ''],
  },
  {
    name: 'the default by its name in another tool',
    place: '1:1 FIELD_UNKNOWN',
    message: 'unknown field `defaultAction`; did you mean `default`?',
    policy: `defaultAction: block\n${lines(...RULE)}`,
    repair: ['defaultAction', 'default'],
  },
  {
    name: 'a deadline without a unit',
    place: '1:11 VALUE_TYPE',
    message: 'expected a string, found the number `50`; a length of time has a unit: `50ms`',
    policy: `deadline: 50\n${lines(...RULE)}`,
    repair: ['50', '50ms'],
  },
  {
    name: 'a length of time in words',
    place: '4:29 VALUE_FORMAT',
    message:
      '`1 minute` is not accepted here; expected a whole number and its unit: `50ms`, `30s`, `10m`, `24h`, `7d`; did you mean `1m`?',
    policy: lines('limits:', '  - { id: m, allow: 5, per: 1 minute }'),
    repair: ['1 minute', '1m'],
  },
  {
    name: 'a version with a point',
    place: '2:10 VALUE_TYPE',
    message: "expected a whole number, found the number `1.2`; put it in quotes: `'1.2'`",
    policy: lines(...RULE).replace('version: 1', 'version: 1.2'),
    repair: ['1.2', "'1.2'"],
  },
  {
    name: 'a name with a space',
    place: '1:9 VALUE_FORMAT',
    message:
      '`my policy` is not accepted here; expected a letter, then letters and digits, with single `-`, `_` or `.` between them; did you mean `my-policy`?',
    policy: lines(...RULE).replace('policy: p', 'policy: my policy'),
    repair: ['my policy', 'my-policy'],
  },
  {
    name: 'name in the place of policy',
    place: '1:1 FIELD_UNKNOWN',
    message: 'unknown field `name`; did you mean `policy`?',
    policy: lines(...RULE).replace('policy: p', 'name: p'),
    repair: ['name:', 'policy:'],
  },
  {
    name: 'a number as an id',
    place: '6:9 VALUE_TYPE',
    message: 'expected a string, found the number `1`; a name begins with a letter: `n1`',
    policy: replaced('id: no-mail', 'id: 1'),
    repair: ['id: 1', 'id: no-mail'],
  },
  {
    name: 'a tool where there is none',
    place: '11:5 NO_EFFECT',
    message:
      '`tool` has no effect here: only `tool_call` and `tool_result` have a tool; write a rule of its own for the other stages',
    policy: withLine('tool: refund'),
    repair: ['on: output', 'on: tool_call'],
  },
  {
    name: 'a human',
    place: '8:11 VALUE_UNKNOWN',
    message: 'unknown value `human`, expected `system`, `user`, `assistant` or `tool`; did you mean `user`?',
    policy: replaced('on: output', 'on: input\n    role: human'),
    repair: ['human', 'user'],
  },
  {
    name: 'a key of its own',
    place: '4:38 VALUE_UNKNOWN',
    message:
      'unknown value `user_id`, expected `tenant`, `user`, `session`, `agent`, `tool`, `model` or `route`; did you mean `user`?',
    policy: lines('limits:', '  - { id: m, allow: 5, per: 1m, key: user_id }'),
    repair: ['user_id', 'user'],
  },
  {
    name: 'a mask by the last part of its type',
    place: '1:10 NO_EFFECT',
    message: 'the mask of `email` has no effect: no rule redacts it; did you mean `pii.email`?',
    policy: `masks: { email: x }\n${replaced('then: block', 'then: redact')}`,
    repair: ['{ email:', '{ pii.email:'],
  },
  {
    name: 'a fact without its tool',
    place: '1:9 VALUE_FORMAT',
    message:
      '`args.amount` is not accepted here; expected the path of an argument, such as `tool.args.amount`; did you mean `tool.args.amount`?',
    policy: `facts: [args.amount]\n${lines(...RULE)}`,
    repair: ['args.amount', 'tool.args.amount'],
  },
  {
    name: 'strikes without a time',
    place: '7:12 VALUE_TYPE',
    message: 'expected a mapping, found the number `3`; write `{ strikes: 3, within: 10m }`',
    policy: lines(
      'rules:',
      '  - { id: a, on: input, strike: { abuse: 1 } }',
      'cooldowns:',
      '  - id: abuse',
      '    after: 3',
      '    for: 1m',
    ),
    repair: ['after: 3', 'after: { strikes: 3, within: 10m }'],
  },
];

const load = async (text: string): Promise<unknown> => assemble(draftPolicy(text, { file: 'p.yaml' }), []);

async function issuesOf(text: string): Promise<readonly PolicyIssue[]> {
  const error = await load(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PolicyError)) throw new Error(`no PolicyError, but ${String(error)}`);
  return error.issues;
}

const told = ({ line, column, code, message }: PolicyIssue): string => `${line}:${column} ${code} ${message}`;

describe('D8: a mistake that many make is told with its place, its code and advice that works', () => {
  test.each(MISTAKES)('$name', async ({ policy, place, message, repair: [from, to] }) => {
    const issues = (await issuesOf(policy)).map(told);
    expect(issues).toContain(`${place} ${message}`);
    // All of them are about this mistake: nothing is told that is not wrong.
    expect(new Set(issues.map((issue) => issue.split(':', 1)[0])).size).toBeLessThanOrEqual(from === '\t' ? 3 : 1);
    expect(policy).toContain(from);
    await expect(load(policy.replaceAll(from, to))).resolves.toBeDefined();
  });
});

describe('one load names every problem', () => {
  test('of the text, of its form and of its meaning, in the order of the text', async () => {
    const text = [
      'policy: p',
      'version: 1',
      'version: 2',
      'onError: open',
      'detectors:',
      '  - use: pii',
      '    exept: [a@acme.example]',
      '  - id: ticket',
      "    patterns: ['(a', '(\\w)\\1', 'TCK-\\d{6}(?!\\d\\d)']",
      '  - use: presidio',
      'rules:',
      '  - id: one',
      '    on: output',
      '    detect: pii.emial',
      '    then: deny',
      '  - id: two',
      '    on: tool_call',
      '    when: tool.args.amount = 5',
      '    then: block',
      '  - id: three',
      '    on: input',
      '    detect: ticket',
      '    whenn: label("x")',
      '    then: block',
      '    reason: P_THREE',
      '  - id: four',
      '    on: input',
      '    when: signal("pii") > 80',
      '    then: block',
      '    reason: P_FOUR',
      'masks: { secret: x }',
    ].join('\n');
    expect((await issuesOf(text)).map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '3:1 TEXT_MISLEADING',
      '4:10 VALUE_UNKNOWN',
      '7:5 FIELD_UNKNOWN',
      '9:16 PATTERN_SYNTAX',
      '9:22 PATTERN_BACKREFERENCE',
      '9:32 PATTERN_LOOKAROUND',
      '10:5 DETECTOR_UNKNOWN',
      '14:13 TYPE_UNKNOWN',
      '15:11 VALUE_UNKNOWN',
      '18:28 CONDITION_INVALID',
      '19:11 FIELD_NEEDED',
      '23:5 FIELD_UNKNOWN',
      '28:11 CONDITION_CONSTANT',
      '31:10 NO_EFFECT',
    ]);
  });

  test('every pattern that cannot be run, also those that no rule reads, beside what is wrong elsewhere', async () => {
    const text = [
      'policy: p',
      'version: 1',
      'detectors:',
      '  - id: read',
      "    patterns: ['(\\w)\\1', 'a(?!bc)', 'x*']",
      '  - id: unread',
      "    patterns: ['(\\w)\\1']",
      'rules:',
      '  - { id: a, on: input, detect: read, then: block, reason: P_READ }',
      '  - { id: b, on: input, detect: unknown, then: block, reason: P_OTHER }',
    ].join('\n');
    expect((await issuesOf(text)).map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '5:16 PATTERN_BACKREFERENCE',
      '5:26 PATTERN_LOOKAROUND',
      '5:37 PATTERN_MATCHES_EMPTY',
      '7:16 PATTERN_BACKREFERENCE',
      '10:33 TYPE_UNKNOWN',
    ]);
  });
});
