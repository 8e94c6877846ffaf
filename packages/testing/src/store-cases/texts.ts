import type { Amendment, ControlTerms } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { charge, halt, lift, SECOND, strike, TERMS } from './samples.ts';

/** What applications call things, and what a database or a protocol of its own may trip over. */
const TEXTS: readonly string[] = [
  ...['', ' ', '"', "'", '\\', ',', ';', '%', '{}', '*', '-1', 'a\nb', 'a\r\nb', '\u2028', '\u0000', 'a\u0000b'],
  ...['\ufffd\ufffe', 'ä', 'a\u0308', '\u{1f600}', 'A', 'a', 'null', 'x'.repeat(300)],
];

/** Ids, causes and reasons come from outside, and may be any text. */
export function textCases({ test, expect }: StoreSuite): void {
  test('ids of any text stay apart, whatever they are ids of', async (store) => {
    const allow = TEXTS.length;
    const perMs = 60 * SECOND;
    const sums = { key: 'acme/limit/tokens', perMs, window: 'sliding' } as const;
    for (let twice = 0; twice < 2; twice++) {
      const fresh: unknown[] = [];
      for (const id of TEXTS) {
        const [counted, held, reserved] = await store.charge([
          charge(id, { allow, perMs }),
          charge(id, { key: 'acme/limit/at once', kind: 'hold', allow, perMs }),
          charge(id, { ...sums, kind: 'reserve', allow: 2 * allow, amount: 1, attempt: id }),
        ]);
        await store.report([{ ...sums, id: `reported ${id}`, amount: 1 }]);
        const [struck] = await store.strike([
          strike(id, {
            offences: [{ key: id, points: 1 }],
            ladder: { after: { strikes: 1000, withinMs: perMs }, forMs: 1 },
          }),
        ]);
        fresh.push([counted?.fresh, held?.fresh, reserved?.fresh, struck?.fresh]);
      }
      expect(fresh).toEqual(TEXTS.map(() => Array.from({ length: 4 }, () => twice === 0)));
    }
    const looked = await store.look([
      { of: 'limit', key: charge('').key, kind: 'count', allow, perMs, window: 'sliding' },
      { of: 'limit', ...sums, kind: 'sum', allow: 2 * allow },
    ]);
    expect(looked.map((one) => one.of === 'limit' && one.remaining)).toEqual([0, 0]);
    // A try of another name gives nothing back, its own all.
    for (const id of TEXTS) await store.report([{ ...sums, id, amount: 0, attempt: `not ${id}` }]);
    for (const id of TEXTS) await store.report([{ ...sums, id, amount: 0, attempt: id }]);
    for (const id of TEXTS) await store.release([{ key: 'acme/limit/at once', id }]);
    const [rest] = await store.look([{ of: 'limit', ...sums, kind: 'sum', allow: 2 * allow }]);
    expect(rest?.of === 'limit' && rest.remaining).toEqual(allow);
    expect(
      (await store.charge([charge('last', { key: 'acme/limit/at once', kind: 'hold', allow: 1 })]))[0]?.fresh,
    ).toEqual(true);
  });

  test('causes, reasons, names and scopes of any text come back as they are', async (store) => {
    const terms = (text: string, i: number): ControlTerms => ({
      ...{ id: `h${i}`, kind: 'halt', scope: { tenant: `t${text}`, user: text }, who: text, why: text },
    });
    for (const [i, text] of TEXTS.entries()) {
      // What is empty names nothing.
      const cause = text === '' ? '-' : text;
      const key = `acme/ladder/abuse/user=u${i}`;
      await store.strike([strike('a', { key, cause })]);
      const [struck] = await store.look([{ of: 'ladder', key, ladder: TERMS }]);
      const put: Amendment = { op: 'put_on', key, ladder: TERMS, cause: `by ${cause}`, forMs: SECOND };
      const amended = await store.amend(put);
      expect([struck, amended].map((one) => one?.of === 'ladder' && one.cause)).toEqual([cause, `by ${cause}`]);
      const set = await store.control({ op: 'set', control: terms(text, i) });
      expect([set?.control.scope, set?.who, set?.why]).toEqual([terms(text, i).scope, text, text]);
    }
    const many = await store.setAll(TEXTS.map((text, i) => ({ ...terms(text, i), id: `again ${i}` })));
    expect(many.map(({ who, why }) => [who, why])).toEqual(TEXTS.map((text) => [text, text]));
    const { controls } = await store.sync();
    expect(controls?.map(({ scope }) => scope.user).toSorted()).toEqual(TEXTS.toSorted());
    for (const [i, text] of TEXTS.entries()) {
      const lifted = await store.control({ ...lift(`l${i}`, terms(text, i).scope), who: text, why: text } as never);
      expect([lifted?.control.id, lifted?.who]).toEqual([`again ${i}`, text]);
    }
    expect((await store.sync()).controls).toEqual([]);
    expect((await store.history(TEXTS.length)).map(({ why }) => why)).toEqual(TEXTS.toReversed());
    await store.control(halt('last', {}));
    expect((await store.sync()).controls?.length).toEqual(1);
  });
}
