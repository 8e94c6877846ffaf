import { describe, expect, it } from 'vitest';
import type { Detector } from '../contract/detector.ts';
import { DetectorError } from './detector-error.ts';
import { defineDetector, infoOf } from './detector.ts';

const order: Detector = {
  id: 'acme.order',
  version: '1',
  types: ['acme.order'],
  patterns: [{ type: 'acme.order', find: /\bORD-\d{6}\b/ }],
};

describe('defineDetector', () => {
  it('freezes what it accepts', () => {
    const detector = defineDetector(order);
    expect(detector).toEqual(order);
    expect(Object.isFrozen(detector) && Object.isFrozen(detector.patterns) && Object.isFrozen(detector.types)).toBe(
      true,
    );
  });

  it.each<[string, Partial<Record<keyof Detector, unknown>>, string]>([
    ['DETECTOR_INVALID', { id: 'has space' }, 'must be a dotted name'],
    ['DETECTOR_INVALID', { version: '' }, 'needs a version'],
    ['DETECTOR_INVALID', { types: [] }, 'must list the signal types'],
    ['DETECTOR_INVALID', { types: ['.x'], patterns: [] }, 'must be a dotted name'],
    ['DETECTOR_INVALID', { patterns: undefined }, 'looks for nothing'],
    ['DETECTOR_INVALID', { detect: 'x' }, 'must be a function'],
    ['DETECTOR_INVALID', { patterns: {} }, 'must be a list'],
    ['DETECTOR_INVALID', { detec: () => [] } as never, 'did you mean `detect`?'],
    ['DETECTOR_INVALID', { patterns: [{ type: 'acme.order', find: /x/, scroe: 1 }] }, 'did you mean `score`?'],
    ['PATTERN_TYPE_UNDECLARED', { types: ['acme.other'] }, 'not among'],
    ['PATTERN_INVALID', { patterns: [{ type: 'acme.order', find: /x/g }] }, 'flags other than'],
    ['PATTERN_INVALID', { patterns: [{ type: 'acme.order', find: /x/, score: 2 }] }, 'score'],
    ['PATTERN_INVALID', { patterns: [{ type: 'acme.order', find: /x/, validate: true }] }, '`validate`'],
    ['PATTERN_INVALID', { patterns: [{ type: 'acme.order', find: /x/, fold: 'yes' }] }, '`fold` must be true or false'],
    [
      'PATTERN_INVALID',
      { patterns: [{ type: 'acme.order', find: { phrase: 'a' }, marks: 1 }] },
      '`marks` must be true or false',
    ],
    ['PATTERN_INVALID', { patterns: [{ type: 'acme.order', find: /x/, candidates: 'longest' }] }, "'leftmost-longest'"],
    ['PATTERN_INVALID', { patterns: [{ type: 'acme.order', find: /x/, insideWords: true }] }, 'are for phrases'],
    ['PATTERN_INVALID', { patterns: [{ type: 'acme.order', find: /x/, escapes: true }] }, 'are for phrases'],
    [
      'PATTERN_INVALID',
      { patterns: [{ type: 'acme.order', find: { phrase: 'a b' }, escapes: true, validate: () => true }] },
      'neither `validate` nor `context`',
    ],
    ['PHRASE_INVALID', { patterns: [{ type: 'acme.order', find: { phrase: ' \u200b' } }] }, 'nothing to look for'],
    ['PHRASE_INVALID', { patterns: [{ type: 'acme.order' }] }, 'nothing to look for'],
    ['WINDOW_INVALID', { window: { size: 10, stride: 5 } }, 'needs a `detect`'],
    ['WINDOW_INVALID', { detect: () => [], window: { size: 4, stride: 5 } }, 'stride <= size'],
    ['WINDOW_INVALID', { detect: () => [], window: { step: 0 } }, '1 <= first <= step'],
    ['WINDOW_INVALID', { detect: () => [], window: { step: 40, first: 41 } }, '1 <= first <= step'],
    ['WINDOW_INVALID', { detect: () => [], window: { step: 40, margin: 10 } }, 'margin <= overlap'],
    [
      'WINDOW_INVALID',
      { detect: () => [], window: { step: 40, first: 10, overlap: 20, margin: 10 } },
      'margin < first',
    ],
    ['WINDOW_INVALID', { detect: () => [], window: { step: 40, clockMs: 0 } }, '`clockMs` above 0'],
    ['WINDOW_INVALID', { detect: () => [], window: { step: 40, overlaps: 3 } }, 'did you mean `overlap`'],
    ['DETECTOR_INVALID', { detect: () => [], deadlineMs: 0 }, 'above 0'],
    ['DETECTOR_INVALID', { deadlineMs: 5 }, 'belongs to a `detect` function'],
  ])('refuses with %s: %j', (code, change, message) => {
    const broken = { ...order, ...change } as Detector;
    expect(() => defineDetector(broken)).toThrow(DetectorError);
    expect(() => defineDetector(broken)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    );
  });

  it('tells the compiler what kind of detector it is', () => {
    const detect = (): [] => [];
    expect(infoOf(order)).toEqual({ id: 'acme.order', version: '1', types: ['acme.order'], kind: 'pattern' });
    expect(infoOf({ ...order, detect }).kind).toBe('both');
    expect(infoOf({ id: 'x', version: '1', types: ['x'], detect }).kind).toBe('code');
  });
});
