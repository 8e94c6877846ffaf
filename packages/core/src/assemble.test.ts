import { expect, test } from 'vitest';
import { defineDetector } from './detectors/detector.ts';
import { createGovernor } from './governor.ts';
import { PolicyError } from './policy/document/policy-error.ts';
import { PatternError } from './scanner/pattern-error.ts';

const policyOf = (detector: string): string => `policy: p
version: 1
detectors:
${detector}
rules: [{ id: r, on: [input, output], detect: x, then: redact, reason: P_XX }]
`;

async function signalsIn(detector: string, text: string): Promise<number> {
  const governor = await createGovernor({ policy: { yaml: policyOf(detector) } });
  const event = governor.interaction({ tenant: 't' }).event({ stage: 'input', content: text });
  const { signals } = await governor.decide(event);
  await governor.close();
  return signals.length;
}

test('every pattern that cannot be governed is told at once, each at its place with its code and advice', async () => {
  const detector = `  - id: x
    dialect: re2
    patterns:
      - '(?i)fine'
      - 'a*'
      - { pattern: 'begin.*end' }
      - 'fo\\bo'
  - { id: y, phrases: one }`;
  const error: unknown = await createGovernor({ policy: { yaml: policyOf(detector) } }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(PolicyError);
  const { issues } = error as PolicyError;
  expect(issues.map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual([
    '8:9 detectors[0].patterns[1]',
    '9:9 detectors[0].patterns[2]',
    '10:9 detectors[0].patterns[3]',
  ]);
  expect(issues[0]!.message).toBe(
    'detector `x`: `/a*/u` can match without a character: use `+` or a count instead of `*` or `?` on at least one part (PATTERN_MATCHES_EMPTY)',
  );
  expect(issues[1]!.message).toMatch(/bound the gap.*PATTERN_UNBOUNDED_GAP/);
  expect(issues[2]!.message).toMatch(/PATTERN_NEVER_MATCHES/);
});

test('a list of one pattern has no index', async () => {
  const yaml = policyOf('  - { id: x, patterns: a* }');
  await expect(createGovernor({ policy: { yaml } })).rejects.toMatchObject({
    issues: [{ path: 'detectors[0].patterns' }],
  });
});

test('patterns of the application are no part of the document', async () => {
  const detector = defineDetector({
    id: 'x',
    version: '1',
    types: ['x'],
    patterns: [
      { type: 'x', find: /a*/ },
      { type: 'x', find: /ok/ },
      { type: 'x', find: /b?/ },
    ],
  });
  const policy = { yaml: policyOf('  - use: x') };
  const error: unknown = await createGovernor({ policy, detectors: [detector] }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(PatternError);
  expect((error as PatternError).all.map(({ pattern, source }) => [pattern, source])).toEqual([
    [0, '/a*/'],
    [2, '/b?/'],
  ]);
});

test('patterns are read in their dialect, and folded if asked', async () => {
  expect(await signalsIn(`  - { id: x, patterns: '\\bkey\\d', dialect: python }`, 'é key٣')).toBe(1);
  expect(await signalsIn(`  - { id: x, patterns: '\\bkey\\d' }`, 'é key٣')).toBe(0);
  expect(await signalsIn('  - { id: x, patterns: nightjar, fold: true }', 'a nіght\u200bjar')).toBe(1);
  expect(await signalsIn('  - { id: x, patterns: nightjar }', 'a nіght\u200bjar')).toBe(0);
});
