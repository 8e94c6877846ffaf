import { describe, expect, test } from 'vitest';
import { createGovernor } from '../governor.ts';
import { PolicyError } from './document/policy-error.ts';

const HEAD = 'policy: p\nversion: 1\n';
const rule = (...fields: readonly string[]): string => `${HEAD}rules:\n  - ${fields.join('\n    ')}\n`;
const BLOCK = ['then: block', 'reason: P_XX'];

/** What `status()` says of a policy that loads. */
async function warningsOf(yaml: string): Promise<readonly string[]> {
  const governor = await createGovernor({ policy: { yaml } });
  const [policy] = governor.status().policies;
  await governor.close();
  return policy!.warnings.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);
}

describe('D8: what loads and can have no effect is told', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['a rule that does what it says', rule('id: a', 'on: input', ...BLOCK), []],
    [
      'a policy without rules',
      HEAD,
      ['1:1 NOTHING_GOVERNED the policy has no rules, so it governs nothing; add one under `rules`'],
    ],
    ['a policy that blocks by default', `${HEAD}default: { output: block }\n`, []],
    [
      'rules without an effect',
      rule('id: a', 'on: input', 'label: seen'),
      ['3:1 NOTHING_GOVERNED no rule has an effect, so the policy stops nothing; give one `then`'],
    ],
    [
      'an allow rule where nothing is blocked by default',
      rule('id: a', 'on: [input, output]', 'then: allow'),
      [
        '6:11 ALLOW_UNNEEDED an `allow` rule changes nothing here: the default of `input` or `output` is `allow`, and stricter rules win; say `default: block`, or except what should pass',
      ],
    ],
    [
      'an allow rule where one of its stages blocks',
      `default: { output: block }\n${rule('id: a', 'on: [input, output]', 'then: allow')}`,
      [],
    ],
    [
      'detectors that no rule reads',
      `detectors:\n  - use: pii\n  - use: secrets\n  - id: code\n    phrases: [x y]\n${rule('id: a', 'on: input', 'detect: pii.email', ...BLOCK)}`,
      [
        '3:5 DETECTOR_UNREAD no rule reads what `secrets` finds; name it in a rule, such as `detect: secret`, or remove it',
        '4:5 DETECTOR_UNREAD no rule reads what `code` finds; name it in a rule, such as `detect: code`, or remove it',
      ],
    ],
    [
      'detectors that conditions read',
      `detectors:\n  - use: secrets/cloud\n  - use: pii/de\n${rule('id: a', 'on: input', `when: detected("secret") || count("pii") > 3`, ...BLOCK)}`,
      [],
    ],
    [
      'a role that nobody has at the stage',
      `detectors: [{ use: pii }]\n${rule('id: a', 'on: output', 'role: user', 'detect: pii', ...BLOCK)}`,
      ['7:11 SEGMENT_UNUSUAL no adapter brings text of `user` at `output`; there it is of `assistant`'],
    ],
    [
      'a channel that the stage does not have',
      `detectors: [{ use: pii }]\n${rule('id: a', 'on: output', 'channel: tool_input', 'detect: pii', ...BLOCK)}`,
      [
        '7:14 SEGMENT_UNUSUAL no adapter brings `tool_input` at `output`; what goes into a tool is decided at `on: tool_call`',
      ],
    ],
    [
      'labels that nobody sets',
      `labels: { private: session }\n${rule('id: a', 'on: input', 'when: label("seen") && label("set")', ...BLOCK)}  - { id: b, on: output, label: set }\n`,
      [
        '7:18 LABEL_UNSET no rule sets the label `seen`; give one `label: seen`, unless the application adds it (`interaction.addLabels`)',
        '1:11 LABEL_UNSET no rule sets the label `private`; give one `label: private`, unless the application adds it (`interaction.addLabels`)',
      ],
    ],
    [
      'a condition that is always true',
      rule('id: a', 'on: output', 'when: stage == "output" || label("x")', 'label: x', ...BLOCK),
      ['6:11 CONDITION_CONSTANT the condition is always true; leave `when` out, or name what it should depend on'],
    ],
    [
      'a rule that judges behind the text, with a detector that holds nothing back for long',
      `detectors: [{ use: pii }]\n${rule('id: a', 'on: output', 'detect: pii', 'stream: trail', ...BLOCK)}`,
      [
        '8:5 SETTING_UNUSED `stream` changes nothing here: what the rule reads is found while text streams, and nothing waits for a detector',
      ],
    ],
    [
      'settings about what the policy has not',
      `pace: at_once\nonBlock: stop\nproviderTools: allow\nhistory: block\n${rule('id: a', 'on: [input, output]', 'when: label("x")', 'label: x', ...BLOCK)}`,
      [
        '1:1 SETTING_UNUSED `pace` changes nothing here: no rule on `output` reads a detector that is code',
        '2:1 SETTING_UNUSED `onBlock` changes nothing here: nothing of the policy stops a `tool_call`',
        '3:1 SETTING_UNUSED `providerTools` changes nothing here: without rules on `tool_call` or `tool_result` no request is refused for its tools',
        '4:1 SETTING_UNUSED `history` changes nothing here: no rule on `input` stops a text for what is in it',
      ],
    ],
    [
      'the same settings where they do something',
      `pace: at_once\nonBlock: stop\nproviderTools: allow\nhistory: block\ndetectors: [{ use: injection }]\n${rule('id: a', 'on: [input, output, tool_call]', 'detect: injection', 'stream: trail', ...BLOCK)}`,
      [],
    ],
  ];
  test.each(cases)('%s', async (_, yaml, expected) => {
    expect(await warningsOf(yaml)).toEqual(expected);
  });

  test.each([
    'false',
    '1 > 2',
    'label("x") && false',
    '!(true || label("x"))',
    'stage == "input"',
    'stage != "output"',
    'count("pii") < 0',
    'signal("pii") > 1',
    '50 < signal("pii")',
    'model != "large"',
    '"acme" != subject.tenant && label("x")',
    'model == "small" || signal("pii.email") > 1',
  ])('a rule whose condition is `%s` never matches, and is refused', async (when) => {
    const yaml = `detectors: [{ use: pii }]\n${rule('id: a', 'on: output', `when: '${when}'`, 'model: large', 'tenant: acme', ...BLOCK)}`;
    const error = await createGovernor({ policy: { yaml } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PolicyError);
    expect((error as PolicyError).issues).toMatchObject([{ code: 'CONDITION_CONSTANT', line: 7, column: 11 }]);
  });

  test.each([
    'signal("pii") >= 1',
    'signal("pii") > 0',
    'count("pii") >= 1',
    'stage == subject.user',
    'label("x") || false',
    'model == "large"',
    'route == "/chat"',
  ])('a condition that may be either, `%s`, is no constant', async (when) => {
    const yaml = `detectors: [{ use: pii }]\n${rule('id: a', 'on: output', `when: '${when}'`, 'model: [large, small]', 'label: x', 'detect: pii', ...BLOCK)}`;
    expect(await warningsOf(yaml)).toEqual([]);
  });
});
