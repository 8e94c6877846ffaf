import { expect, it } from 'vitest';
import { defineDetector } from './detector.ts';
import { createGovernor, type Governor } from '../index.ts';
import type { Piece } from '../gate/types.ts';
import { applyEditsToContent } from '../content/edits.ts';

const CARD = '4111 1111 1111 1111';

const governorWith = (detector: string, more = ''): Promise<Governor> =>
  createGovernor({
    policy: {
      yaml: `
policy: cards
version: 1
detectors: [${detector}]
rules: [{ id: mask, on: output, detect: pii, then: redact, reason: P_PII }]
${more}`,
    },
  });

async function whole(governor: Governor, text: string): Promise<string> {
  const event = governor.interaction({ tenant: 'acme' }).event({ stage: 'output', content: text });
  const { edits } = await governor.decide(event);
  const applied = applyEditsToContent(text, edits);
  return applied.ok ? applied.value : 'not applicable';
}

async function streamed(governor: Governor, pieces: readonly string[]): Promise<string> {
  const gate = await governor.openGate(governor.interaction({ tenant: 'acme' }).event({ stage: 'output' }));
  let out = '';
  const take = (left: readonly Piece<unknown>[]): void => {
    for (const piece of left) if (piece.kind === 'text') out += piece.text;
  };
  for (const piece of pieces) take(gate.write('text', '', piece));
  take((await gate.end()).pieces);
  return out;
}

const TEXTS: readonly (readonly [text: string, left: string])[] = [
  [`Card ${CARD}, exp 12/30.`, 'Card [CARD]1111, exp 12/30.'],
  ['a 4111111111111111 b 378282246310005 c', 'a [CARD]1111 b [CARD]0005 c'],
  // Signs between the digits are units, too.
  ['Visa 4111 1111 1111 1 111', 'Visa [CARD] 111'],
  [`12 ${CARD} 55`, '12 [CARD]1111 55'],
  [`{"card":"${CARD}"}`, '{"card":"[CARD]1111"}'],
  // Not a whole card: nothing of it is masked.
  ['4111 1111 1111 1112', '4111 1111 1111 1112'],
  // Another type is masked as ever.
  [`${CARD} ann@acme.example`, '[CARD]1111 [EMAIL]'],
];

it('lets the last four of a card stay, wherever a stream is cut as in a whole text', async () => {
  const governor = await governorWith('{ use: pii.card, keep_last: { pii.card: 4 } }, { use: pii.email }');
  for (const [text, left] of TEXTS) {
    expect(await whole(governor, text), text).toBe(left);
    expect(await streamed(governor, text.split('')), text).toBe(left);
    for (let cut = 1; cut < text.length; cut += 4)
      expect(await streamed(governor, [text.slice(0, cut), text.slice(cut)]), `${text} at ${cut}`).toBe(left);
  }
  await governor.close();
});

it('masks what another finding covers', async () => {
  const all = defineDetector({
    id: 'all',
    version: '1',
    types: ['pii.digits'],
    patterns: [{ type: 'pii.digits', find: /(?<!\d)\d{4}(?!\d)/ }],
  });
  const governor = await createGovernor({
    detectors: [all],
    policy: {
      policy: 'cards',
      version: 1,
      detectors: [{ use: 'pii.card', keep_last: { 'pii.card': 4 } }],
      rules: [{ id: 'mask', on: 'output', detect: 'pii', then: 'redact', reason: 'P_PII' }],
    },
  });
  expect(await whole(governor, CARD)).not.toMatch(/\d/);
  expect(await streamed(governor, CARD.split(''))).toBe(await whole(governor, CARD));
  await governor.close();
});

it('masks a short finding as a whole', async () => {
  const short = defineDetector({
    id: 'pin',
    version: '1',
    types: ['pii.pin'],
    patterns: [{ type: 'pii.pin', find: /(?<!\d)\d{8,12}(?!\d)/, keepLast: 4 }],
  });
  const governor = await createGovernor({
    detectors: [short],
    policy: {
      policy: 'pins',
      version: 1,
      rules: [{ id: 'mask', on: 'output', detect: 'pii', then: 'redact', reason: 'P_PII' }],
    },
  });
  expect(await whole(governor, 'pin 12345678 and 123456789012')).toBe('pin [PIN] and [PIN]9012');
  await governor.close();
});

it('takes a mask that reads well before the digits', async () => {
  const governor = await governorWith('{ use: pii.card, keep_last: { pii.card: 4 } }', "masks: { pii.card: '•••• ' }");
  expect(await whole(governor, `Your card ${CARD}`)).toBe('Your card •••• 1111');
  await governor.close();
});

it('says nothing more in the ruling than a shorter span', async () => {
  const governor = await governorWith('{ use: pii.card, keep_last: { pii.card: 4 } }');
  const event = governor.interaction({ tenant: 'acme' }).event({ stage: 'output', content: CARD });
  const { signals, edits } = await governor.decide(event);
  expect(signals.map(({ type, start, end }) => [type, start, end])).toEqual([['pii.card', 0, 15]]);
  expect(edits).toEqual([{ segment: 'text', start: 0, end: 15, mask: '[CARD]' }]);
  await governor.close();
});

it('is another behaviour, and the same for the same words', async () => {
  const version = async (detector: string): Promise<string> => {
    const governor = await governorWith(detector);
    const [first] = governor.status().policies;
    await governor.close();
    return first!.behaviorVersion;
  };
  const four = await version('{ use: pii.card, keep_last: { pii.card: 4 } }');
  expect(await version('{ use: pii.card, keep_last: { pii.card: 4 } }')).toBe(four);
  expect(await version('{ use: pii.card, keep_last: { pii.card: 3 } }')).not.toBe(four);
  expect(await version('{ use: pii.card }')).not.toBe(four);
});

it.each([
  ['{ use: pii.card, keep_last: { pii.iban: 4 } }', 'it is no type of `pii.card`'],
  ['{ use: hidden.comment, keep_last: { hidden.comment: 4 } }', 'no fixed end'],
  ['{ use: pii.card, keep_last: { pii.card: 5 } }', 'at most 4 is accepted here'],
  ['{ use: pii.card, keep_last: 4 }', 'expected a mapping'],
])('%s does not load', async (detector, why) => {
  await expect(governorWith(detector)).rejects.toThrow(why);
});

it('a pattern that would keep nothing, or too much, is refused', () => {
  for (const keepLast of [0, 5, 1.5])
    expect(() =>
      defineDetector({ id: 'a', version: '1', types: ['a'], patterns: [{ type: 'a', find: /\d{9}/, keepLast }] }),
    ).toThrow('`keepLast` must be a whole number from 1 to 4');
});
