import { createGovernor, type PolicyDocument } from '@flyball/core';
import { requireGovernor, segmentsOfJson, type Json, type Piece } from '@flyball/core/adapter';
import { describe, expect, it } from 'vitest';
import { createStreamedValues, type StreamedValue } from '../src/index.ts';

const policy = (then: 'block' | 'redact'): PolicyDocument => ({
  policy: then,
  version: 1,
  detectors: [{ id: 'words', patterns: ['TOPSECRET'] }],
  rules: [{ id: 'out', on: 'output', detect: 'words', then, reason: 'P_WORD' }],
});

async function opened(then: 'block' | 'redact') {
  const governor = requireGovernor(await createGovernor({ policy: policy(then) }), 'a test');
  const gate = await governor.openGate<string>(governor.interaction({ tenant: 'acme' }).event({ stage: 'output' }));
  const freed: Piece<string>[] = [];
  const values = createStreamedValues(gate, (pieces) => freed.push(...pieces));
  const judge = (json: Json): StreamedValue => values.judge(json, 'said', segmentsOfJson(json, 'said'));
  return { gate, values, judge, freed };
}

describe('values beside the text of a stream', () => {
  it('wait while what they say could go on to a match, and are masked once, where it begins', async () => {
    const { gate, judge } = await opened('redact');
    const first = judge({ note: 'It is TOP' });
    expect(first.done).toBe(false);
    const second = judge({ note: 'SECRET, and more.' });
    expect([first, second].map(({ done, edited }) => [done, edited])).toEqual([
      [true, true],
      [true, true],
    ]);
    expect([first.released(), second.released()]).toMatchObject([
      { value: { note: 'It is [WORDS]' } },
      { value: { note: ', and more.' } },
    ]);
    await gate.abort();
  });

  it('are themselves where nothing is masked', async () => {
    const { gate, judge } = await opened('redact');
    const json = { note: 'All is well.', list: [1, 'two'] };
    const { done, edited, ...value } = judge(json);
    expect([done, edited]).toEqual([true, false]);
    expect(value.released()).toMatchObject({ ok: true });
    await gate.abort();
  });

  it('stop the stream over two of them', async () => {
    const { gate, judge } = await opened('block');
    judge({ note: 'TOP' });
    judge({ other: 'SECRET' });
    expect(gate.terminal).toBeUndefined();
    judge({ note: 'SECRET' });
    expect(gate.terminal?.reason).toBe('P_WORD');
  });

  it('wait no longer than they are told to, and the next is read as their continuation all the same', async () => {
    const { gate, judge } = await opened('block');
    const first = judge({ note: 'TOP' });
    first.lapse();
    expect([first.done, first.released()]).toMatchObject([true, { value: { note: 'TOP' } }]);
    judge({ note: 'SECRET' });
    expect(gate.terminal?.reason).toBe('P_WORD');
  });

  it('that say the same again are judged once, and read on from when they change', async () => {
    const { gate, judge } = await opened('block');
    const first = judge({ id: 'TOP' });
    expect([judge({ id: 'TOP' }).done, judge({ id: 'TOP' }).done, first.done]).toEqual([true, true, true]);
    judge({ id: 'SECRET' });
    expect(gate.terminal?.reason).toBe('P_WORD');
  });

  it('cannot be masked in a key', async () => {
    const { gate, judge } = await opened('redact');
    expect(judge({ TOPSECRET: true }).released()).toMatchObject({ ok: false, reason: 'EDIT_NOT_APPLICABLE' });
    await gate.abort();
  });

  it('give pieces of other texts to who wants them', async () => {
    const { gate, values, judge, freed } = await opened('block');
    const pieces = [...gate.write('text', 'a', 'All is well.'), ...gate.attach('behind')];
    expect(pieces.map((piece) => values.collect(piece))).toEqual([false, false]);
    judge({ note: 'fine' });
    expect(freed).toEqual([]);
    await gate.abort();
  });
});
