import { expect, test } from 'vitest';
import { segmentsOfJson } from '../content/segments.ts';
import type { Decision } from '../contract/ruling.ts';
import { createGovernor } from '../governor.ts';

const policy = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'email', patterns: ['[a-z]+@[a-z]+\\.com'] }],
  rules: [{ id: 'r', on: 'output', detect: 'email', then: 'redact', reason: 'P_MAIL' }],
} as const;

async function decide(content: Parameters<typeof Object.freeze>[0]): Promise<Decision> {
  const governor = await createGovernor({ policy });
  const event = governor.interaction({ tenant: 'a' }).event({ stage: 'output', content: content as never });
  const decision = await governor.decide(event);
  await governor.close();
  return decision;
}

test('values of a JSON document are texts of their own: no match runs from one into the next', async () => {
  const { edits } = await decide(
    segmentsOfJson({ name: 'ada', mail: 'ada@example.com', next: 'bob' }, 'json', { separate: true }),
  );
  expect(edits).toEqual([{ segment: 'json.mail', start: 0, end: 15, mask: '[EMAIL]' }]);
});

test('G2: other segments of an output are one text, as a reader sees them', async () => {
  const { edits } = await decide([
    { path: 'one', text: 'write to ada@exa' },
    { path: 'two', text: 'mple.com now' },
  ]);
  expect(edits.map(({ segment }) => segment)).toEqual(['one', 'two']);
});

test('G2: one segment that is read on keeps all of them one text', async () => {
  const { edits } = await decide([
    { path: 'one', text: 'write to ada@exa', separate: true },
    { path: 'two', text: 'mple.com now' },
  ]);
  expect(edits.map(({ segment }) => segment)).toEqual(['one', 'two']);
});
