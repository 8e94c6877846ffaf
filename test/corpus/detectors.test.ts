import { createGovernor, type Governor, type OutputGate, type Piece } from '@flyball/core';
import type { Form } from '@flyball/detectors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../bench/detector-random.ts';
import { CASES, RECOGNISERS, WRITTEN, type DetectorCase } from './detectors/cases.ts';

/** Cases that one test looks at: a test each would cost more than what it tests. */
const PER_TEST = 50;
const MASK = '\u25a0';

let governor: Governor;

beforeAll(async () => {
  governor = await createGovernor({
    policy: {
      policy: 'corpus',
      version: 1,
      detectors: [
        { use: 'pii' },
        { use: 'pii/spelled' },
        { use: 'pii/person' },
        { use: 'secrets' },
        { use: 'secrets/generic' },
      ],
      masks: { pii: MASK, secret: MASK },
      rules: [{ id: 'all', on: 'output', detect: ['pii', 'secret'], then: 'redact', reason: 'P_FOUND' }],
    },
  });
});
afterAll(() => governor.close());

const textOf = (pieces: readonly Piece<never>[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');

const openGate = (): Promise<OutputGate> =>
  governor.openGate(governor.interaction({ tenant: 't', user: 'u' }).event({ stage: 'output' }));

/** What leaves the gate for a text that comes in pieces, and what was found in it. */
async function through(pieces: readonly string[]) {
  const gate = await openGate();
  let left = '';
  for (const piece of pieces) left += textOf(gate.write('text', '', piece));
  const { pieces: last, decision } = await gate.end();
  left += textOf(last);
  return { left, found: decision.signals.map(({ type, start, end }) => ({ type, start, end })) };
}

/** Pieces of 1 to 9 units, and now and then a long one. */
function cut(text: string, random: Random): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = random.below(5) === 0 ? 80 : 1 + random.below(9);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const isBelow = (type: string, wanted: string): boolean => type === wanted || type.startsWith(`${wanted}.`);

/** What is wrong with the answer to a case. */
async function problems(
  { name, text, expect: wanted, absent }: DetectorCase,
  random: Random,
): Promise<readonly string[]> {
  const whole = await through([text]);
  const inPieces = await through(cut(text, random));
  const wrong: string[] = [];
  for (const { type, start, end } of wanted) {
    // Many keys have the form of several issuers: any secret is right.
    const below = type.startsWith('secret') ? 'secret' : type;
    if (!whole.found.some((one) => isBelow(one.type, below) && one.start < end && one.end > start))
      wrong.push(`${name}: no ${type} at ${start} in ${JSON.stringify(text)}`);
    if (whole.left.includes(text.slice(start, end)) || !whole.left.includes(MASK))
      wrong.push(`${name}: not masked in ${JSON.stringify(whole.left)}`);
  }
  if (absent !== undefined && whole.found.some(({ type }) => isBelow(type, absent)))
    wrong.push(`${name}: a ${absent} in ${JSON.stringify(text)}`);
  if (JSON.stringify(inPieces) !== JSON.stringify(whole))
    wrong.push(`${name}: in pieces ${JSON.stringify(inPieces)}, whole ${JSON.stringify(whole)}`);
  return wrong;
}

describe('the corpus of the detectors', () => {
  it('has at least 1,500 cases that no recogniser gave', () => {
    expect(WRITTEN.length).toBeGreaterThanOrEqual(1500);
    expect(new Set(WRITTEN.map(({ name, absent }) => `${name} ${absent}`)).size).toBe(WRITTEN.length);
  });

  it('has a written case for every type of personal data', () => {
    const written = new Set(WRITTEN.flatMap(({ expect: [wanted] }) => wanted?.type ?? []));
    const types = RECOGNISERS.map(({ type }) => type).filter((type) => type.startsWith('pii.'));
    expect(
      types.filter((type) => ![...written].some((one) => one !== 'pii.national_id' && isBelow(type, one))),
    ).toEqual([]);
  });

  it('has a written case for the form of every secret', () => {
    const texts = WRITTEN.filter(({ expect: [wanted] }) => wanted?.type.startsWith('secret')).map(({ text }) => text);
    const isWritten = ({ find }: Form): boolean => {
      const { source, flags } = find instanceof RegExp ? find : find.whole;
      const form = new RegExp(source, flags);
      return texts.some((text) => form.test(text));
    };
    const secrets = RECOGNISERS.filter(({ type }) => type.startsWith('secret.'));
    expect(secrets.filter(({ forms }) => !forms.some(isWritten)).map(({ type }) => type)).toEqual([]);
  });

  it('is told from answers that are wrong', async () => {
    const lost = { name: 'lost', text: 'nothing here', expect: [{ type: 'pii.email', start: 0, end: 7 }] };
    const wrongly = { name: 'wrongly', text: 'ann@x.example', expect: [], absent: 'pii.email' };
    expect(await problems(lost, new Random(1))).toHaveLength(2);
    expect(await problems(wrongly, new Random(1))).toHaveLength(1);
  });

  const shares = Array.from({ length: Math.ceil(CASES.length / PER_TEST) }, (_, i) => i);
  it.each(shares)('share %i is found and masked, the same however it is cut', async (share) => {
    const random = new Random(1 + share);
    const wrong: string[] = [];
    for (const one of CASES.slice(share * PER_TEST, (share + 1) * PER_TEST))
      wrong.push(...(await problems(one, random)));
    expect(wrong).toEqual([]);
  });
});
