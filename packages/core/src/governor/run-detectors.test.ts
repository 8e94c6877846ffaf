import { afterEach, describe, expect, it } from 'vitest';
import { requireGovernor } from '../adapter/require-governor.ts';
import type { Detector, DetectorInput } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import type { EventInit, Governor } from './api.ts';
import { AT_ONCE } from './slices.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const ON = ['input', 'output', 'tool_call', 'tool_result', 'retrieval'] as const;

async function governed(policy: object, detectors: readonly Detector[] = []): Promise<Governor> {
  const governor = await createGovernor({ detectors, policy: { policy: 'p', version: 1, ...policy } });
  open.push(governor);
  return governor;
}

const decided = (governor: Governor, init: EventInit) =>
  governor.decide(governor.interaction({ tenant: 't', user: 'u' }).event(init));

const WORD = {
  detectors: [{ id: 'word', phrases: ['nightjar'] }],
  rules: [{ id: 'word', on: ['input', 'output'], detect: 'word', then: 'redact', reason: 'P_WORD' }],
} as const;

describe('what a detector of code is asked', () => {
  async function asked(init: EventInit): Promise<readonly Omit<DetectorInput, 'signal' | 'settled'>[]> {
    const inputs: Omit<DetectorInput, 'signal' | 'settled'>[] = [];
    const detector: Detector = {
      id: 'own',
      version: '1',
      types: ['own'],
      detect: async ({ text, path, channel, role }) => (
        inputs.push({ text, path, channel, ...(role !== undefined && { role }) }),
        []
      ),
    };
    const rules = [{ id: 'own', on: ON, detect: 'own', then: 'block', reason: 'P_OWN' }];
    await decided(await governed({ detectors: [{ use: 'own' }], rules }, [detector]), init);
    return inputs;
  }

  it('each text with its address, channel and role, and none that is empty', async () => {
    const content = [
      { path: 'messages.0', text: 'hello', role: 'user' as const },
      { path: 'messages.1', text: '' },
      { path: 'messages.2', text: 'hm', channel: 'reasoning' as const },
    ];
    expect(await asked({ stage: 'input', content })).toStrictEqual([
      { text: 'hello', path: 'messages.0', channel: 'text', role: 'user' },
      { text: 'hm', path: 'messages.2', channel: 'reasoning' },
    ]);
  });

  it('nothing where there is no text', async () => {
    expect(await asked({ stage: 'tool_call', resource: { tool: 'ping' }, args: {} })).toEqual([]);
  });
});

describe('the facts of a complete event', () => {
  it('name where something was found, and how much of each text was read', async () => {
    const content = [
      { path: 'a', text: 'hello' },
      { path: 'b', text: 'a nightjar' },
    ];
    const { signals, coverage } = await decided(await governed(WORD), { stage: 'input', content });
    expect(signals).toMatchObject([{ segment: 'b', start: 2, end: 10 }]);
    expect(coverage).toMatchObject({
      detectors: ['word'],
      segments: [
        { path: 'a', length: 5, scanned: 5 },
        { path: 'b', length: 10, scanned: 10 },
      ],
    });
  });

  it('name no detector where there is no text', async () => {
    const governor = await governed(WORD);
    for (const [stage, detectors] of [
      ['input', []],
      ['output', ['word']],
    ] as const) {
      expect((await decided(governor, { stage, content: [] })).coverage).toMatchObject({ detectors, segments: [] });
    }
  });

  it.each(['input', 'output'] as const)('%s: no text is read when one is too long, by a unit', async (stage) => {
    const governor = await governed({ ...WORD, maxInput: 10 });
    const fits = await decided(governor, { stage, content: [{ path: 'a', text: 'a nightjar' }] });
    expect([fits.outcome, fits.edits.length]).toEqual(['ALLOW', 1]);
    const content = [
      { path: 'a', text: 'a nightjar' },
      { path: 'b', text: '12345678901' },
    ];
    const long = await decided(governor, { stage, content });
    expect(long).toMatchObject({
      outcome: 'BLOCK',
      reason: 'INPUT_TOO_LARGE',
      signals: [],
      coverage: {
        segments: [
          { length: 10, scanned: 0 },
          { length: 11, scanned: 0 },
        ],
      },
    });
  });
});

describe('G7: long texts', () => {
  const filler = 'a b '.repeat(AT_ONCE);
  it.each<[what: string, init: EventInit]>([
    ['one', { stage: 'input', content: [{ path: 'a', text: `${filler}nightjar` }] }],
    [
      'many that are long together',
      {
        stage: 'input',
        content: Array.from({ length: 5 }, (_, n) => ({ path: `${n}`, text: `${filler.slice(0, AT_ONCE)}nightjar` })),
      },
    ],
    ['an output', { stage: 'output', content: [{ path: 'a', text: `${filler}nightjar` }] }],
  ])('%s: is read while the process does other work, whole', async (_what, init) => {
    const governor = await governed(WORD);
    let turns = 0;
    let going = true;
    const spin = (): void => {
      turns++;
      if (going) setImmediate(spin);
    };
    setImmediate(spin);
    const { signals, coverage } = await decided(governor, init);
    going = false;
    expect(turns).toBeGreaterThan(1);
    const texts = init.content as readonly { readonly text: string }[];
    expect(signals).toHaveLength(texts.length);
    expect(coverage.segments).toMatchObject(texts.map(({ text }) => ({ length: text.length, scanned: text.length })));
  });

  it.each(['input', 'output'] as const)('%s: texts that are short together are answered at once', async (stage) => {
    const governor = requireGovernor(await governed(WORD), 'the test');
    const text = 'a b '.repeat(AT_ONCE / 16);
    const event = governor.interaction({ tenant: 't' }).event({ stage, content: [{ path: 'a', text }] });
    expect(governor.decideNow(event)).toMatchObject({ outcome: 'ALLOW' });
  });

  it('findings stand in the order of the texts, whichever detector was the first', async () => {
    const detector: Detector = {
      id: 'own',
      version: '1',
      types: ['own'],
      async detect({ text }) {
        await new Promise((resolve) => setTimeout(resolve, text === 'first' ? 10 : 0));
        const start = text === 'first' ? 3 : 0;
        return [{ type: 'own', score: 1, start, end: start + 1 }];
      },
    };
    const rules = [{ id: 'own', on: 'input', detect: ['own', 'word'], then: 'block', reason: 'P_OWN' }];
    const governor = await governed({ detectors: [{ use: 'own' }, ...WORD.detectors], rules }, [detector]);
    const content = ['first', 'nightjar'].map((text, n) => ({ path: `z${9 - n}`, text }));
    const { signals } = await decided(governor, { stage: 'input', content });
    expect(signals.map(({ segment, type }) => [segment, type])).toEqual([
      ['z9', 'own'],
      ['z8', 'own'],
      ['z8', 'word'],
    ]);
  });
});

it('what is handed out before anything was read cannot be changed', async () => {
  const governor = await governed({ ...WORD, mode: 'off' });
  const { signals, errors, coverage, edits } = await decided(governor, { stage: 'input', content: 'a nightjar' });
  const parts = [signals, errors, coverage, coverage.detectors, coverage.segments, coverage.unjudged, edits];
  expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
});

it('an event that was copied has no interaction to be halted with, and is judged all the same', async () => {
  const detector: Detector = {
    id: 'own',
    version: '1',
    types: ['own'],
    detect: async () => [{ type: 'own', score: 1, start: 0, end: 1 }],
  };
  const rules = [{ id: 'own', on: ON, detect: 'own', then: 'block', reason: 'P_OWN' }];
  const governor = await governed({ detectors: [{ use: 'own' }], rules }, [detector]);
  for (const stage of ['input', 'output'] as const) {
    const event = governor.interaction({ tenant: 't' }).event({ stage, content: 'hello' });
    expect((await governor.decide(structuredClone(event))).reason).toBe('P_OWN');
  }
});
