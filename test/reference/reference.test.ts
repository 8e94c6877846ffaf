import { describe, expect, it } from 'vitest';
import { randomPolicy } from '../leaktest/generate.ts';
import { Random } from '../leaktest/random.ts';
import { Language } from './language.ts';
import { release, type Arrival } from './release.ts';
import { spansOf } from './spans.ts';
import { TextModel } from './text-model.ts';

const SEED = 20261122;

/** Random expressions with texts of the characters they are about. */
function* randomExpressions(
  count: number,
): Generator<{ readonly find: RegExp; readonly text: string; readonly alphabet: readonly string[] }> {
  const random = new Random(SEED);
  while (count > 0) {
    const { settings, flavour } = randomPolicy(random);
    for (const { source, flags } of settings.patterns) {
      if (source === undefined) continue;
      const find = new RegExp(source, flags);
      let text = '';
      for (let length = random.between(1, 12); length > 0; length--) text += random.pick(flavour.text);
      yield { find, text, alphabet: flavour.text };
      count--;
    }
  }
}

function modelOf(find: RegExp, text: string): TextModel {
  const model = new TextModel([{ type: 't', find }], () => undefined);
  for (let i = 0; i < text.length; i++) model.write(text[i]!);
  return model;
}

const listed = (spans: Iterable<{ readonly start: number; readonly end: number }>): string[] =>
  [
    ...new Set([...spans].filter(({ start, end }) => start < end).map(({ start, end }) => `${start}-${end}`)),
  ].toSorted();

describe('the reference', () => {
  it(`finds the spans that RegExp finds at every start and end (seed ${SEED})`, () => {
    for (const { find, text } of randomExpressions(1500)) {
      const model = modelOf(find, text);
      model.end();
      expect(listed(model.spans), `${String(find)} on ${JSON.stringify(text)}`).toEqual(listed(spansOf(find, text)));
    }
  });

  it(`never lets go of a unit that a short continuation makes part of a match (seed ${SEED})`, () => {
    let held = 0;
    let witnessed = 0;
    for (const { find, text, alphabet } of randomExpressions(120)) {
      const { hold } = modelOf(find, text);
      let oldest = text.length;
      for (const first of ['', ...alphabet]) {
        for (const second of first === '' ? [''] : ['', ...alphabet]) {
          const longer = text + first + second;
          const before = new Set(listed(modelOf(find, text).spans));
          for (const { start, end } of spansOf(find, longer)) {
            if (start < text.length && !before.has(`${start}-${end}`)) oldest = Math.min(oldest, start);
          }
        }
      }
      expect(hold, `${String(find)} after ${JSON.stringify(text)}`).toBeLessThanOrEqual(oldest);
      if (hold < text.length) held++;
      if (hold < text.length && hold === oldest) witnessed++;
    }
    // Some candidates need more than two characters to become a match; most do not.
    expect(held).toBeGreaterThan(20);
    expect(witnessed / held).toBeGreaterThan(0.6);
  });

  it('knows that a candidate is dead when its assertions contradict each other', () => {
    expect(modelOf(/foo\b\w/, 'foo').hold).toBe(3);
    expect(modelOf(/foo\b.bar/, 'foo').hold).toBe(0);
    expect(modelOf(/a(?!b)b|ac/, 'a').hold).toBe(0);
    expect(modelOf(/a(?!b)b/, 'a').hold).toBe(1);
  });

  it('says so when asked about a construct it does not read', () => {
    expect(() => new Language(/(a)\1/)).toThrow('does not read');
  });
});

const write = (text: string, block = 'b', channel = 'text'): Arrival => ({ channel, block, text });
const redact = (): { readonly kind: 'redact'; readonly mask: string } => ({ kind: 'redact', mask: '[X]' });
const stop = (): { readonly kind: 'stop' } => ({ kind: 'stop' });

describe('release', () => {
  it('G5: says unit by unit what must have left', () => {
    const [block] = release([{ type: 'k', find: /KEY\d\d/ }], redact, [write('a KEY12 KE.')]).blocks;
    expect(block!.text).toBe('a [X] KE.');
    //                                a  ' ' K  E  Y  1  2  ' ' K  E  .  end of block, of kind
    expect(block!.least.slice(0, 11)).toEqual([1, 2, 2, 2, 2, 2, 2, 6, 6, 6, 9]);
    expect(block!.most.slice(0, 11)).toEqual([1, 2, 2, 2, 2, 2, 5, 6, 6, 6, 9]);
  });

  it('G2: releases up to a match that stops the stream, and nothing after', () => {
    const { blocks, stoppedAt } = release([{ type: 'k', find: /KEY\d\d/ }], stop, [write('a KEY12 and more')]);
    expect(stoppedAt).toBe(6);
    expect(blocks[0]!.text).toBe('a ');
  });

  it('masks a union of spans once, with the mask of the match that ends first', () => {
    const patterns = [
      { type: 'long', find: /abc/ },
      { type: 'short', find: /b/ },
    ];
    const mask = (type: string) => ({ kind: 'redact', mask: `[${type}]` }) as const;
    expect(release(patterns, mask, [write('abc.bb')]).blocks[0]!.text).toBe('[short].[short]');
  });

  it('finds a match across blocks of a kind and masks it where it begins', () => {
    const { blocks } = release([{ type: 'k', find: /KEY/ }], redact, [write('x KE', 'a'), write('Y z', 'b')]);
    expect(blocks.map(({ text }) => text)).toEqual(['x [X]', ' z']);
  });

  it('finds a match inside a block that others interrupt', () => {
    const { blocks } = release([{ type: 'k', find: /KEY/ }], redact, [
      write('KE', 'a'),
      write('..', 'b'),
      write('Y', 'a'),
    ]);
    expect(blocks.map(({ text }) => text)).toEqual(['[X]', '..']);
  });

  it('keeps kinds apart', () => {
    const { blocks } = release([{ type: 'k', find: /KEY/ }], redact, [
      write('KE', 'a', 'reasoning'),
      write('Y', 'a', 'text'),
    ]);
    expect(blocks.map(({ text }) => text)).toEqual(['KE', 'Y']);
  });
});
