import { describe, expect, it } from 'vitest';
import { foreignCalls } from './foreign-calls.ts';
import { filesOf, read } from './tree.ts';

const real = new Map(
  filesOf('packages')
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, read(path)] as const),
);

const planted = (text: string, path = 'packages/core/src/governor/planted.ts'): readonly string[] =>
  foreignCalls(new Map([[path, text]]));

describe('rule 7: code of an application is called in one place', () => {
  it('is kept by every source file', () => {
    expect(real.size).toBeGreaterThan(50);
    expect(foreignCalls(real)).toEqual([]);
  });

  it.each([
    ['a sink', 'export const f = (sink) => sink.accept({});', 'sink.accept'],
    ['a store held in a field', 'class A { #store; f() { return this.#store.charge([]); } }', 'store.charge'],
    ['an optional call', 'export const f = (options) => options.onDecision?.(1);', 'onDecision'],
    ['a listener in a loop', 'for (const listener of all) listener(1);', 'listener'],
    ['a listener by apply', 'listener.apply(undefined, []);', 'listener'],
    ['a resolver', 'export const f = (options, req) => options.subject(req);', 'options.subject'],
    ['in a function that nobody guards', 'later(() => detector.detect({}));', 'detector.detect'],
    ['with the door beside it', "call('audit', 'x', () => 1); sink.accept({});", 'sink.accept'],
    ['in another package', 'export const f = (options) => options.onWarning({});', 'onWarning'],
  ])('%s is found', (_what, text, name) => {
    expect(planted(text)).toEqual([expect.stringContaining(`calls \`${name}\``)]);
  });

  it.each([
    ['inside call', "call('audit', sink.name, () => sink.accept(entry), { deadlineMs: 5 });"],
    ['inside notify and subscribe', 'events.subscribe((event) => onDecision(event.decision));'],
    ['deeper inside', "call('store', 'x', async () => { await store.sync(); });"],
    ['the door itself', 'listener(1);', 'packages/core/src/outside/notify.ts'],
    ['a test', 'sink.accept({});', 'packages/core/src/planted.test.ts'],
    ['another thing of that name', 'export const f = (response) => response.accept();'],
  ])('%s is none', (_what, text, path?: string) => {
    expect(planted(text, path)).toEqual([]);
  });
});
