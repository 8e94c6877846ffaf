import { describe, expect, it } from 'vitest';
import type { Decision } from '../../contract/ruling.ts';
import type { Hold } from '../../store/store.ts';
import { createInteraction, MAX_LABELS, stateOf, type InteractionBegin, type InteractionHost } from './interaction.ts';

function begin(more: Partial<InteractionBegin> = {}, isNew = true, halted?: unknown) {
  const calls: unknown[][] = [];
  let minted = 0;
  const host: InteractionHost = {
    mint: (kind) => `${kind}_${++minted}`,
    listen: () => (calls.push(['listen']), halted),
    report: async (...asked) => void calls.push(['report', ...asked]),
    reserve: async (...asked) => (calls.push(['reserve', ...asked]), 'reserved' as never),
    release: async (held) => void calls.push(['release', held]),
  };
  const init = { id: undefined, subject: { tenant: 't' }, policy: 'p', labels: [], ...more };
  const interaction = createInteraction(init, host, isNew);
  return { interaction, state: stateOf(interaction)!, calls };
}

const decided = (id: string, labels: readonly string[] = []): Decision =>
  ({ auditId: id, labels }) as unknown as Decision;
const holdOf = (id: string): Hold => ({ key: 'k', id });

describe('an interaction', () => {
  it('has an id of its own when somebody asks, or the one that it was given', () => {
    const { interaction } = begin();
    expect([interaction.id, interaction.id, begin({ id: 'mine' }).interaction.id]).toEqual(['int_1', 'int_1', 'mine']);
  });

  it('is exported as it is, and says that its subject is missing only where it is', () => {
    const one = begin({ id: 'i', labels: ['b', 'a', 'b'] }).interaction;
    expect(one.toJSON()).toStrictEqual({ id: 'i', subject: { tenant: 't' }, policy: 'p', labels: ['a', 'b'] });
    expect(Object.isFrozen(one.labels)).toBe(true);
    const missing = begin({ id: 'i', subjectMissing: true }).interaction;
    expect(missing.toJSON()).toMatchObject({ subjectMissing: true });
    expect(missing.event({ stage: 'input' }).subjectMissing).toBe(true);
    expect('subjectMissing' in one.event({ stage: 'input' })).toBe(false);
    expect([Object.isFrozen(begin().interaction.labels), stateOf({} as never)]).toEqual([true, undefined]);
  });

  it('lists decisions in their order, those made later when somebody looks, and once', () => {
    const { interaction, state } = begin();
    let made = 0;
    const later = (id: string) => ({ make: () => (made++, decided(id)) });
    state.decided(decided('a'));
    state.deferred(later('b'));
    state.decided(decided('c'));
    expect(made).toBe(0);
    const ids = (): readonly string[] => interaction.decisions.map(({ auditId }) => auditId);
    const list = interaction.decisions;
    expect([ids(), ids(), made]).toEqual([['a', 'b', 'c'], ['a', 'b', 'c'], 1]);
    state.deferred(later('d'));
    expect([list.map(({ auditId }) => auditId), made]).toEqual([['a', 'b', 'c', 'd'], 2]);
  });

  it('takes the labels that decisions bring, as far as there is room, and never throws', () => {
    const { interaction, state } = begin({ labels: ['m'] });
    state.decided(decided('a', ['z', 'b', 'm']));
    expect([interaction.labels, Object.isFrozen(interaction.labels)]).toEqual([['b', 'm', 'z'], true]);
    const names = Array.from({ length: MAX_LABELS }, (_, n) => `n${n}`);
    state.decided(decided('b', names));
    expect(interaction.labels).toHaveLength(MAX_LABELS);
    expect(interaction.labels).toEqual([...new Set(['b', 'm', 'z', ...names.slice(0, MAX_LABELS - 3)])].toSorted());
    const before = interaction.labels;
    state.decided(decided('c'));
    interaction.addLabels('m');
    expect(interaction.labels).toBe(before);
    for (const wrong of ['', 5])
      expect(() => interaction.addLabels('ok', wrong as string)).toThrow('a label is a name');
  });

  it('protects system prompts, its own and those it is told, each once and up to a bound', () => {
    const { interaction, state } = begin();
    interaction.event({
      stage: 'input',
      content: [
        { text: 'ours', role: 'system' },
        { text: 'theirs', role: 'user' },
      ],
    });
    interaction.event({ stage: 'input', point: 'http', content: [{ text: 'elsewhere', role: 'system' }] });
    interaction.event({ stage: 'output', content: [{ text: 'answer', role: 'system' }] });
    const { cache } = state;
    interaction.protect('', 'ours', 'more');
    expect([state.prompts, Object.isFrozen(state.prompts), state.cache === cache]).toEqual([
      ['ours', 'more'],
      true,
      true,
    ]);
    interaction.protect('x'.repeat(65_526));
    interaction.protect('y'.repeat(9));
    interaction.protect('z');
    expect(state.prompts.map(({ length }) => length)).toEqual([4, 4, 65_526, 2]);
    expect(() => interaction.protect('a', 5 as never)).toThrow('`protect` takes the texts of system prompts');
  });

  it('has one canary of its own', () => {
    const { interaction } = begin();
    expect([interaction.canary(), begin().interaction.canary() === interaction.canary()]).toEqual([
      ...[interaction.canary(), false],
    ]);
  });

  it('gives back what it holds when it ends, once', async () => {
    const { interaction, state, calls } = begin();
    await interaction.end();
    state.hold([holdOf('a')]);
    state.hold([holdOf('b')]);
    expect(state.holds).toBe(true);
    await interaction.end();
    expect([state.holds, calls]).toEqual([false, [['release', [holdOf('a'), holdOf('b')]]]]);
  });

  it('tells whoever watches that it holds something: once for each time it begins to', async () => {
    const { interaction, state } = begin();
    const told: unknown[] = [];
    const watcher = { holding: (one: unknown) => void told.push(one) } as never;
    state.whenHolding(watcher);
    state.hold([]);
    expect([state.holds, told]).toEqual([false, []]);
    state.hold([holdOf('a')]);
    state.hold([holdOf('b')]);
    expect(told).toEqual([interaction]);
    await interaction.end();
    state.hold([holdOf('c')]);
    expect(told).toHaveLength(2);
    const late = begin();
    late.state.hold([holdOf('a')]);
    late.state.whenHolding(watcher);
    expect(told).toHaveLength(3);
  });

  it('is aborted by a halt, whether it stood before or comes later, and asks once', () => {
    const halt = { id: 'ctl_1' };
    const before = begin({}, true, halt);
    expect([before.interaction.signal.reason, before.interaction.signal.aborted]).toEqual([halt, true]);
    const { interaction, state, calls } = begin();
    state.halt('nobody listens');
    expect([interaction.signal.aborted, interaction.signal === interaction.signal]).toEqual([false, true]);
    state.halt(halt);
    expect([interaction.signal.reason, calls]).toEqual([halt, [['listen']]]);
  });

  it('is charged for the first time once, where its id is new', () => {
    const { state } = begin();
    expect([state.firstCharge(), state.firstCharge(), begin({}, false).state.firstCharge()]).toEqual([
      ...[true, false, false],
    ]);
  });

  it('knows what was reserved for its events', () => {
    const { state } = begin();
    const reserved = { amounts: [], certain: true };
    expect(state.reserved('e1')).toBeUndefined();
    state.reserve('e1', reserved);
    expect([state.reserved('e1'), state.reserved('e2')]).toEqual([reserved, undefined]);
    const another = { amounts: [], certain: false };
    state.reserve('e2', another);
    expect([state.reserved('e1'), state.reserved('e2')]).toEqual([reserved, another]);
  });

  it('reports and reserves for the event that it is told, or one of its own', async () => {
    const { interaction, state, calls } = begin();
    const event = interaction.event({ stage: 'output', id: 'mine' });
    await interaction.report(event, { tokens: 5 }, { id: 'r' });
    expect(await interaction.reserve('cost', 2, event)).toBe('reserved');
    await interaction.reserve('cost', 3);
    expect(calls[0]).toEqual(['report', event, { tokens: 5 }, { id: 'r' }, state]);
    expect(calls[1]).toEqual(['reserve', event, 'cost', 2]);
    expect(calls[2]).toMatchObject(['reserve', { stage: 'input' }, 'cost', 3]);
  });
});
