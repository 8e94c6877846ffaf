import { JS } from 'refa';
import { expect, it } from 'vitest';
import { isClosed } from './closed.ts';
import { parseRegExp } from './parse-regexp.ts';

it.each([
  [/\d{4}/, true],
  [/key-[a-z]+(?![a-z])/, true],
  [/key-\w+(?!\w)/, true],
  [/key(?:-old)?-\w{20,}(?!\w)/, true],
  [/(?:cat|mouse)(?!\w)/, true],
  [/\w+/, false],
  [/a|ab/, false],
  // A comma may follow `a`, and the longer match reads one.
  [/[a-z]+(?:,[a-z]+)?(?![a-z])/, false],
  [/key-[\w-]+(?!\w)/, false],
  [/(?:a+(?!a)|ba*)/, false],
  [/[a-z]+(?=!)|[a-z!]+(?![a-z!])/, false],
  // It is, but the tree does not show it: what the other way reads may follow this one.
  [/(?:a+(?!a)|b+(?![ab]))/, false],
] as const)('%s cannot go on behind its end: %s', (find, closed) => {
  expect(isClosed(parseRegExp(JS.Parser, find, undefined))).toBe(closed);
});
