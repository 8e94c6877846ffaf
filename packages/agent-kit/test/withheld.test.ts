import { expect, test } from 'vitest';
import { isWithheld, withheld } from '../src/index.ts';

test('the stand-in is told from arguments, and names its record and nothing else', () => {
  const standIn = withheld({ auditId: 'aud_1' });
  expect(standIn).toEqual({ flyball: 'withheld', auditId: 'aud_1' });
  expect(isWithheld(JSON.parse(JSON.stringify(standIn)))).toBe(true);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', 'withheld'],
  ['other arguments', { flyball: true, auditId: 'aud_1' }],
  ['an empty object', {}],
  [
    'what refuses to be read',
    new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
      },
    ),
  ],
])('%s is no stand-in', (_what, input) => {
  expect(isWithheld(input)).toBe(false);
});
