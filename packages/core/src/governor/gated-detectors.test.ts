// Detectors that are asked only where something cheap has found something, and several of them beside each other.
import { afterEach, describe, expect, it } from 'vitest';
import type { Detector, DetectorInput, Finding } from '../contract/detector.ts';
import { createMemorySink } from '../audit/memory-sink.ts';
import { ruleAgain, rulingIn } from '../decision/rule-again.ts';
import type { DecisionRecord } from '../contract/record.ts';
import { assemble } from '../assemble.ts';
import { createGovernor } from '../governor.ts';
import type { Decision } from '../contract/ruling.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { Governor } from './api.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

interface Scripted extends Detector {
  readonly asked: string[];
}

/** Finds a word, and remembers what it was asked about. */
function finder(id: string, word: string, score: number, change: Partial<Detector> = {}, ms = 1): Scripted {
  const asked: string[] = [];
  return {
    id,
    version: '1',
    types: [id],
    window: { step: 20, overlap: 10, margin: 5 },
    async detect({ text }: DetectorInput): Promise<readonly Finding[]> {
      asked.push(text);
      await new Promise((resolve) => setTimeout(resolve, ms));
      const start = text.indexOf(word);
      return start < 0 ? [] : [{ type: id, score, start, end: start + word.length }];
    },
    asked,
    ...change,
  };
}

function withoutLog(scripted: Scripted): Detector {
  const { asked: _, ...detector } = scripted;
  return detector;
}

const policy = (change: Partial<PolicyDocument> = {}): PolicyDocument => ({
  policy: 'p',
  version: 1,
  deadline: '5s',
  detectors: [{ use: 'cheap' }, { use: 'dear', when: 'signal("cheap") > 0.3' }],
  rules: [{ id: 'dear', on: ['input', 'output'], detect: 'dear', then: 'block', reason: 'P_DEAR' }],
  ...change,
});

async function governed(detectors: readonly Scripted[], document = policy()): Promise<Governor> {
  const governor = await createGovernor({ detectors: detectors.map(withoutLog), policy: document });
  open.push(governor);
  return governor;
}

async function streamed(governor: Governor, text: string, chunk = 7): Promise<Decision> {
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  for (let at = 0; at < text.length; at += chunk) gate.write('text', '', text.slice(at, at + chunk));
  return (await gate.end()).decision;
}

const CALM = 'nothing of interest, from the first word to the last';
const ODD = 'nothing of interest, but an odd and harmful word here';

describe.each(['input', 'output stream', 'output whole'] as const)('a detector with `when`, at %s', (where) => {
  const decided = async (governor: Governor, content: string): Promise<Decision> => {
    if (where === 'output stream') return streamed(governor, content);
    const stage = where === 'input' ? 'input' : 'output';
    return governor.decide(governor.interaction({ tenant: 't' }).event({ stage, content }));
  };

  it('is not asked about what the cheap one finds nothing in, and the decision says so', async () => {
    const [cheap, dear] = [finder('cheap', 'odd', 0.5), finder('dear', 'harmful', 0.9)];
    const decision = await decided(await governed([cheap, dear]), CALM);
    expect(cheap.asked.length).toBeGreaterThan(0);
    expect(dear.asked).toEqual([]);
    expect(decision).toMatchObject({ outcome: 'ALLOW', coverage: { notAsked: [{ detector: 'dear' }] } });
  });

  it('is asked where its condition holds, after the cheap one however slow that is', async () => {
    const [cheap, dear] = [finder('cheap', 'odd', 0.5, {}, 30), finder('dear', 'harmful', 0.9)];
    const decision = await decided(await governed([cheap, dear]), ODD);
    expect(dear.asked.length).toBeGreaterThan(0);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_DEAR' });
  });

  it('is asked where the cheap one failed: a failure must not open a way around it', async () => {
    const broken = finder('cheap', 'odd', 0.5, {
      detect: async () => {
        throw new Error('out of reach');
      },
    });
    const dear = finder('dear', 'harmful', 0.9);
    const decision = await decided(await governed([broken, dear], policy({ onError: 'no_op' })), ODD);
    expect(dear.asked.length).toBeGreaterThan(0);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_DEAR' });
  });

  it('reads what the scanner finds as well, though no rule does', async () => {
    const dear = finder('dear', 'harmful', 0.9);
    const document = policy({
      detectors: [
        { id: 'words', phrases: ['odd'] },
        { use: 'dear', when: 'detected("words")' },
      ],
    });
    expect(await decided(await governed([dear], document), CALM)).toMatchObject({ outcome: 'ALLOW' });
    expect(dear.asked).toEqual([]);
    expect(await decided(await governed([dear], document), ODD)).toMatchObject({ reason: 'P_DEAR' });
  });

  it('A4: its decision is ruled again from the record, and a type it did not look for is not claimed', async () => {
    const audit = createMemorySink();
    const detectors = [finder('cheap', 'odd', 0.5), finder('dear', 'harmful', 0.9)].map(withoutLog);
    const governor = await createGovernor({ detectors, policy: policy(), audit });
    open.push(governor);
    await decided(governor, CALM);
    await decided(governor, ODD);
    const records = audit.records().filter((one): one is DecisionRecord => one.kind === 'decision');
    const { policy: compiled } = await assemble(policy(), detectors);
    for (const record of records) expect(ruleAgain(compiled, record)).toEqual(rulingIn(record.decision));
    expect(records.map(({ inputs }) => inputs.lookedFor.includes('dear'))).toEqual([
      false,
      // Of a stream, windows were left out before the odd word came.
      where === 'input',
    ]);
  });
});

it('a detector that a sample leaves out says so', async () => {
  const sampled = finder('dear', 'harmful', 0.9, { detect: () => 'not_asked' });
  const governor = await governed([sampled], policy({ detectors: [{ use: 'dear' }] }));
  const whole = await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: ODD }));
  const stream = await streamed(governor, ODD);
  expect(whole.coverage.notAsked).toEqual([{ detector: 'dear', texts: 1 }]);
  expect(stream.coverage.notAsked).toMatchObject([{ detector: 'dear' }]);
});

it('of several detectors beside each other the first that stops wins, and the others are told that nobody waits', async () => {
  let aborted = false;
  const slow = finder('slow', 'harmful', 0.9, {
    detect: ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('nobody waits'));
        }),
      ),
  });
  const governor = await governed(
    [finder('quick', 'odd', 0.9), slow],
    policy({
      detectors: [{ use: 'quick' }, { use: 'slow' }],
      rules: ['quick', 'slow'].map((id) => ({
        id,
        on: 'output',
        detect: id,
        then: 'block',
        reason: `P_${id.toUpperCase()}`,
      })),
    }),
  );
  expect(await streamed(governor, ODD)).toMatchObject({ outcome: 'BLOCK', reason: 'P_QUICK' });
  await Promise.resolve();
  expect(aborted).toBe(true);
});

describe('what a policy may not say', () => {
  it.each<[string, readonly Scripted[], PolicyDocument['detectors'], RegExp]>([
    [
      'a condition on a detector that always runs',
      [],
      [
        { id: 'words', phrases: ['odd'] },
        { use: 'pii.email', when: 'detected("words")' },
      ],
      /only a detector that is code/,
    ],
    [
      'conditions that wait for each other',
      [finder('cheap', 'odd', 1), finder('dear', 'x', 1)],
      [
        { use: 'cheap', when: 'signal("dear") > 0.3' },
        { use: 'dear', when: 'signal("cheap") > 0.3' },
      ],
      /has a `when` itself/,
    ],
    [
      'a condition that reads what nobody reports',
      [finder('dear', 'x', 1)],
      [{ use: 'dear', when: 'signal("nothing") > 0.3' }],
      /detectors\[0\]\.when no detector/,
    ],
    [
      'a detector with a window that waits for one without',
      [finder('cheap', 'odd', 1, { window: undefined as never }), finder('dear', 'x', 1)],
      [{ use: 'cheap' }, { use: 'dear', when: 'signal("cheap") > 0.3' }],
      /only one of them has a window/,
    ],
  ])('%s', async (_what, detectors, named, message) => {
    const rules: PolicyDocument['rules'] = [
      { id: 'r', on: 'output', detect: detectors.at(-1)?.id ?? 'words', then: 'block', reason: 'P_RULE' },
    ];
    await expect(governed(detectors, policy({ detectors: named!, rules }))).rejects.toThrow(message);
  });
});

it('a stream waits for each of its detectors, though the others have answered', async () => {
  const quick = finder('quick', 'nothing', 1);
  const slow = finder('slow', 'storm', 1, {}, 60);
  const rules = [quick, slow].map(({ id }) => ({
    id,
    on: ['output' as const],
    detect: id,
    then: 'block' as const,
    reason: `P_${id.toUpperCase()}` as const,
  }));
  const { detectors: _, ...document } = policy({ rules });
  const { outcome, reason } = await streamed(await governed([quick, slow], document), 'a storm is near');
  expect([outcome, reason]).toEqual(['BLOCK', 'P_SLOW']);
});
