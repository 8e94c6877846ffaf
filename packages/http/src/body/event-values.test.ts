import { describe, expect, it } from 'vitest';

import { eventContent, Identities, ValuesByPath, type EventValue } from './event-values.ts';

const identitiesOf = (data: object, name?: string): Identities =>
  new Identities(name, eventContent(JSON.stringify(data)).values!);

const ROWS = 20_000;
const value = (path: string, text: string): EventValue => ({ path, kind: 'value', text, raw: () => 0 });
const MANY = Array.from({ length: ROWS }, (_, at) => [value(`data[${at}].id`, `${at}`), value(`data[${at}].a`, 'x')]);

describe('what tells the values of an event apart', () => {
  it('are the scalars of the objects above them, and the name of the event', () => {
    const identities = identitiesOf(
      {
        id: 1,
        a: 'x',
        b: [
          { index: 0, t: 'x' },
          { index: 1, t: 'x', c: { type: 'y' } },
        ],
      },
      'e',
    );
    expect(identities.of('data.a')).toBe('|e|data.id=1');
    expect(identities.of('data.b[0].t')).toBe('|e|data.id=1|data.b[0].index=0');
    expect(identities.of('data.b[1].c.u')).toBe('|e|data.id=1|data.b[1].index=1|data.b[1].c.type=y');
    expect(identities.of('data.bb')).toBe('|e|data.id=1');
  });

  it('is looked up, not looked for, and bounded: work does not grow with the square of an event', () => {
    const start = process.cpuUsage();
    const identities = new Identities(undefined, MANY.flat());
    const values = new ValuesByPath(MANY.flat());
    for (const [id, a] of MANY) {
      expect(identities.of(a!.path)).toBe(`|${id!.path}=${id!.text}`);
      expect(values.textAt(id!.path)).toBe(id!.text);
    }
    const names = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`k${at}Id`, 'x']));
    expect(identitiesOf(names).of('data.a').length).toBeLessThan(400);
    // Of the processor's time: a busy machine is no reason. Looked for, it is many seconds.
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2_000);
  });

  it('a member that is named like a value is none', () => {
    const values = new ValuesByPath(eventContent('{"{a}":{"a":"x"}}').values!);
    expect(values.textAt('data.{a}')).toBeUndefined();
  });

  it('G7: long data is found a stretch at a time', () => {
    const long = JSON.stringify({ rows: Array.from({ length: 2_000 }, (_, at) => `value ${at}`) });
    const { values, reader } = eventContent(long);
    expect(values).toBeUndefined();
    let stretches = 1;
    let read = reader!.run(500);
    for (; read === undefined; read = reader!.run(500)) stretches++;
    expect([stretches, read.segments.length]).toEqual([5, 2_001]);
  });
});
