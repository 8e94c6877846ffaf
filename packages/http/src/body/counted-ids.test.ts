import { describe, expect, it } from 'vitest';

import { sseFraming } from '../framing/sse.ts';
import { CountedIds } from './counted-ids.ts';
import { eventContent } from './event-values.ts';
import { Template } from './template.ts';

const event = (id: number | string, said: string): string => `event: e\nid: ${id}\ndata: {"said":"${said}"}\n\n`;

/** The template of an event with an id, as the one that was judged last. */
function templateOf(id: number | string): Template {
  const [frame] = sseFraming().push(event(id, 'hello'));
  const ids = new CountedIds();
  ids.follows(frame!.id!);
  const value = eventContent(frame!.data!).values!.find(({ text }) => text === 'hello')!;
  const rule = { how: 'continued', name: 'said', channel: 'text' } as const;
  return Template.of(frame!, { value, rule, ids: '' }, ids)!;
}

describe('ids of events that count on', () => {
  it('are those of the same event again, one after the other', () => {
    const template = templateOf(9);
    const text = event(10, 'one') + event(11, 'two') + event(13, 'three');
    const first = template.endIn(text, 0);
    expect(template.textIn(text, first)).toBe('one');
    const second = template.endIn(text, first);
    expect(template.textIn(text, second)).toBe('two');
    expect(template.endIn(text, second)).toBe(0);
  });

  it.each([
    [9, 9],
    [9, 100],
    [9, '10x'],
    ['09', 10],
    ['a', 'b'],
    [9_999_999_999, 10_000_000_000],
  ])('are not %s and %s', (before, after) => {
    expect(templateOf(before).endIn(event(after, 'one'), 0)).toBe(0);
  });

  it('an id that is no number is the same bytes', () => {
    expect(templateOf('a').endIn(event('a', 'one'), 0)).toBe(event('a', 'one').length);
  });
});
