import type { Recogniser } from '@flyball/detectors';
import { PII } from '@flyball/detectors/pii';
import { type CharRange, type CharSet, type Concatenation, type Element, JS } from 'refa';
import { describe, expect, it } from 'vitest';
import { ABBREVIATED } from '../../../detectors/src/pii/birth/date-of-birth.ts';
import { SHORT_NAME } from '../../../detectors/src/pii/document/driver-licence.ts';
import { LABEL } from '../../../detectors/src/pii/document/identity-number.ts';
import { CALLED } from '../../../detectors/src/pii/payment/card-code.ts';
import { KeyWordsIn, KeyWordWatch } from '../detection/key-word-watch.ts';
import { announcingLettersOf, NEAR_BEFORE } from '../detection/key-worded.ts';
import { detectorOf } from './recogniser.ts';

const announced: readonly Recogniser[] = Object.values(PII.parts)
  .flat()
  .filter(({ forms }) => forms.some(({ announcedBy }) => announcedBy !== undefined));

/** Which of a recogniser's forms lets a match after a text count, and whether it is announced there. */
function askedOf(recogniser: Recogniser): readonly ((match: string, before: string) => readonly boolean[])[] {
  const { patterns = [] } = detectorOf({ recogniser, version: '1', except: [] }, undefined);
  return patterns.flatMap(({ context }) => {
    const letters = announcingLettersOf(context);
    if (context === undefined || letters === undefined) return [];
    const watch = new KeyWordWatch([letters]);
    return (match: string, before: string) => [
      context.accepts(match, before, undefined) === true,
      new KeyWordsIn(watch).near(before, 0, before.length)?.has(0) === true,
    ];
  });
}

const MOST_OF_A_CLASS = 6;

// Every text that an expression without its assertions matches, with the fewest repetitions and one case of letters.
function* textsOf(alternatives: readonly Concatenation[]): Generator<string> {
  for (const { elements } of alternatives) yield* joined(elements);
}

function* joined([first, ...others]: readonly Element[]): Generator<string> {
  if (first === undefined) yield '';
  else for (const begin of ofElement(first)) for (const rest of joined(others)) yield begin + rest;
}

function* ofElement(one: Element): Generator<string> {
  if (one.type === 'Assertion' || one.type === 'Unknown') yield '';
  else if (one.type === 'Alternation') yield* textsOf(one.alternatives);
  else if (one.type === 'CharacterClass') yield* ofClass(one.characters);
  else {
    if (one.min === 0) yield '';
    if (one.max === 1) yield* textsOf(one.alternatives);
    else if (one.min > 0) yield* joined(Array.from({ length: one.min }, () => ({ ...one, type: 'Alternation' })));
  }
}

function ofClass({ ranges, size }: CharSet): ReadonlySet<string> {
  const of = ({ min, max }: CharRange): number[] => Array.from({ length: max - min + 1 }, (_, at) => min + at);
  const points = size > MOST_OF_A_CLASS ? [ranges[0]!.min] : ranges.flatMap(of);
  return new Set(points.map((point) => String.fromCodePoint(point).toLowerCase()));
}

const EXPRESSIONS: Readonly<Record<string, readonly [before: RegExp, match: string]>> = {
  'pii.national_id.named': [LABEL, '418270563'],
  'pii.driver_license': [SHORT_NAME, '41827056'],
  'pii.date_of_birth': [ABBREVIATED, '03/11/1984'],
  'pii.card_code': [CALLED, '418'],
};

describe('what announces a match', () => {
  it('is known of every form that has a list', () => {
    expect(announced.map(({ type }) => type).toSorted()).toEqual(Object.keys(EXPRESSIONS).toSorted());
  });

  it('is known as well where a policy excepts something', () => {
    for (const recogniser of announced) {
      const { patterns = [] } = detectorOf({ recogniser, version: '1', except: [], domains: ['a.example'] }, undefined);
      expect(patterns.map(({ context }) => announcingLettersOf(context))).toEqual(
        recogniser.forms.map(({ announcedBy }) => (announcedBy === undefined ? undefined : expect.any(Array))),
      );
    }
  });

  it.each(announced)('stands wherever $type accepts one', (recogniser) => {
    const [expression, match] = EXPRESSIONS[recogniser.type]!;
    const { expression: parsed } = JS.Parser.fromLiteral(expression).parse({ assertions: 'ignore' });
    const asked = askedOf(recogniser);
    const missed: string[] = [];
    let accepted = 0;
    const befores = [
      ...recogniser.finds.map((text) => text.slice(0, text.indexOf('«'))),
      ...[...textsOf(parsed.alternatives)].flatMap((text) =>
        /[^\0-\x7f]/.test(text) ? [`7 (${text}`, text.toUpperCase()] : `7 (${text}`,
      ),
    ];
    for (const before of befores) {
      for (const ask of asked) {
        const [isAccepted, isAnnounced] = ask(match, before.slice(-NEAR_BEFORE));
        if (!isAccepted) continue;
        accepted++;
        if (!isAnnounced) missed.push(before);
      }
    }
    expect(missed).toEqual([]);
    expect(accepted).toBeGreaterThan(15);
  });
});
