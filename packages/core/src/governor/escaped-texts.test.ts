import { expect, it, test } from 'vitest';
import { applyEdits } from '../content/edits.ts';
import type { Stage } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import { createGovernor } from '../governor.ts';
import type { AdapterGovernor } from './api.ts';

const KEY = 'AKIAABCDEFGHIJKLMNOP';

const policy = {
  policy: 'p',
  version: 1,
  detectors: [
    { id: 'key', patterns: ['\\bAKIA[A-Z]{16}\\b'] },
    { id: 'mail', patterns: ['[a-z]+@[a-z]+\\.example\\b'] },
  ],
  rules: [
    { id: 'key', on: ['input', 'output', 'tool_result', 'tool_call'], detect: 'key', then: 'block', reason: 'P_KEY' },
    { id: 'mail', on: ['input', 'tool_result'], detect: 'mail', then: 'redact', reason: 'P_MAIL' },
  ],
} as const;

async function decide(stage: Stage, content: unknown, more: object = {}): Promise<Decision> {
  const governor = await createGovernor({ policy, ...more });
  try {
    return await governor.decide(governor.interaction({ tenant: 't' }).event({ stage, content: content as never }));
  } finally {
    await governor.close();
  }
}

it.each<readonly [name: string, text: string]>([
  ['JSON', JSON.stringify({ note: `first\n${KEY}` })],
  ['JSON in a string of JSON', JSON.stringify({ body: JSON.stringify({ note: `\t${KEY}\n` }) })],
  ['JSON in a string of JSON in a string of JSON', JSON.stringify([JSON.stringify([JSON.stringify([`\n${KEY}`])])])],
  ['JSON in a code fence', `Here it is:\n\`\`\`json\n${JSON.stringify({ note: `a\n${KEY}\nb` })}\n\`\`\``],
  ['a line of a log', `12:00:01 got "status\\t${KEY}\\n" from upstream`],
  ['what Python prints of a dictionary', `{'note': 'it\\'s\\n${KEY}'}`],
  ['numbered escapes', `"\\u0041KIA${KEY.slice(4)}"`],
  ['numbered escapes of JavaScript', `"\\x41\\u{4b}IA${KEY.slice(4)}"`],
])('text behind an escape is found as if it stood alone: %s', async (_name, text) => {
  for (const stage of ['input', 'tool_result'] as const)
    expect(await decide(stage, text)).toMatchObject({ outcome: 'BLOCK', reason: 'P_KEY' });
  const separate = [{ path: 'json.text', text, separate: true }];
  expect(await decide('output', separate)).toMatchObject({ outcome: 'BLOCK', reason: 'P_KEY' });
  expect(await decide('output', text)).toMatchObject({ outcome: 'BLOCK', reason: 'P_KEY' });
});

test('G2: nor does it leave in a stream, however that is cut', async () => {
  const governor = (await createGovernor({ policy })) as AdapterGovernor;
  const text = JSON.stringify({ to: 'x', note: `first\n${KEY}` });
  for (const size of [1, 3, 7, 200]) {
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    let sent = '';
    for (let at = 0; at < text.length; at += size)
      for (const piece of gate.write('text', '', text.slice(at, at + size)))
        if (piece.kind === 'text') sent += piece.text;
    const { decision } = await gate.end();
    expect([sent, decision.reason]).toEqual(['{"to":"x","note":"first\\n', 'P_KEY']);
  }
  await governor.close();
});

test('a mask leaves a literal a literal', async () => {
  const text = JSON.stringify({ note: 'to\nbob@acme.example', next: 'c\\d' });
  const { outcome, edits } = await decide('tool_result', text);
  expect(outcome).toBe('ALLOW');
  const sent = applyEdits(text, edits);
  expect(JSON.parse(sent)).toEqual({ note: 'to[MAIL]', next: 'c\\d' });
});

test('what is found in both ways is one finding', async () => {
  const text = JSON.stringify({ note: 'to "bob@acme.example"' });
  const { signals, edits } = await decide('tool_result', text);
  expect(signals.length).toBe(1);
  expect(JSON.parse(applyEdits(text, edits))).toEqual({ note: 'to "[MAIL]"' });
});

test('a text that is found as it is written is found, whatever its backslashes mean elsewhere', async () => {
  const path = `C:\\new\\${KEY}`;
  expect(await decide('input', path)).toMatchObject({ outcome: 'BLOCK', reason: 'P_KEY' });
  // Neither way of reading says that the letter before it is no part of it.
  const { edits } = await decide('input', 'C:\\nina@acme.example');
  expect(applyEdits('C:\\nina@acme.example', edits)).toBe('C:[MAIL]');
});

test('a text without escapes, and one with backslashes that escape nothing, are as before', async () => {
  for (const text of ['nothing here', 'C:\\games\\doom', `x${KEY}`])
    expect(await decide('input', text)).toMatchObject({ outcome: 'ALLOW', edits: [] });
});

test('G7: a text of nothing but escapes does not keep the process from its other work', async () => {
  const governor = await createGovernor({ policy });
  const text = '\\\\\\n'.repeat(200_000);
  let isRunning = true;
  let turns = 0;
  const tick = (): void => {
    turns++;
    if (isRunning) setImmediate(tick);
  };
  setImmediate(tick);
  await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: text }));
  isRunning = false;
  await governor.close();
  expect(turns).toBeGreaterThan(100);
});
