import type { EventInit } from '@flyball/core';
import type { SegmentInit } from '@flyball/core/adapter';
import { eventsAs, telling, type Flaw } from './flaws.ts';

// Flaws in what stands around an answer: beside it, in its form, before it.

const both = (name: string): readonly string[] => [`${name}, streamed`, `${name}, not streamed`];
const pathsOf = ({ content }: EventInit): readonly string[] =>
  Array.isArray(content) ? content.map(({ path }: { readonly path: string }) => path) : [];
const withSegments = (change: (segment: SegmentInit) => object): Flaw =>
  eventsAs((init) =>
    Array.isArray(init.content) ? { ...init, content: (init.content as SegmentInit[]).map(change) as never } : init,
  );

/** Flawed adapters, each with the cases that it fails. */
export const FLAWS_AROUND: { readonly [flaw: string]: readonly [Flaw, readonly string[]] } = {
  'looks at nothing beside the answer': [
    eventsAs((init) => (pathsOf(init).some((path) => path.startsWith('beside')) ? { ...init, content: [] } : init)),
    [
      ...both('what a redact rule finds beside the answer arrives as its mask'),
      ...both('G2: what is blocked beside the answer does not arrive, and its reader is told'),
    ],
  ],
  'leaves out what stands beside the answer': [
    telling(({ text }) => ({ received: text })),
    both("E4: in shadow what stands beside the answer is the source's own"),
  ],
  'writes declared JSON anew': [
    telling(({ text }, { json }) => (json === true && text !== '' ? { text: JSON.stringify(JSON.parse(text)) } : {})),
    both('declared JSON in which nothing is found arrives as it was written'),
  ],
  'reads declared JSON as it is written': [
    eventsAs((init) => (pathsOf(init).some((path) => path.startsWith('json')) ? { ...init, content: [] } : init)),
    both('a mask in declared JSON leaves every other value as it was'),
  ],
  'says its refusal in the JSON': [
    telling(({ ending }, { json }) => (json === true && ending === 'stopped' ? { text: 'Stopped.' } : {})),
    both('G2, E6: declared JSON that is stopped ends once, in words that are not in it'),
  ],
  'takes what was said before for new': [
    withSegments((segment) => ({ ...segment, history: false })),
    both('a conversation goes on after a stop, without what was stopped'),
  ],
  'reads the last message alone': [
    eventsAs((init) =>
      init.stage === 'input' && Array.isArray(init.content) ? { ...init, content: init.content.slice(-1) } : init,
    ),
    [
      ...both('with `history: block` what was stopped stops every later turn'),
      ...both('what nobody stopped before is stopped, wherever in a conversation it stands'),
    ],
  ],
};
