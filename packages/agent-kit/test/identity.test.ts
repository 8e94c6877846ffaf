import { setAmbientInteraction } from '@flyball/core/adapter';
import { afterEach, expect, test } from 'vitest';
import { createRunRegistry, endOwn, isOwn, resolveInteraction, resolveInteractionNow } from '../src/index.ts';
import { isInteraction } from '../src/identity.ts';
import { open, subject } from './harness.ts';

afterEach(() => setAmbientInteraction(() => undefined));

interface Config {
  readonly userId: string;
}
const config: Config = { userId: 'ada' };

test('resolvers are given the configuration of the run', async () => {
  const { governor } = await open();
  const bySubject = { subject: ({ userId }: Config) => ({ tenant: 'acme', user: userId }) };
  expect((await resolveInteraction(governor, bySubject, config)).subject).toEqual(subject);
  const later = { subject: async ({ userId }: Config) => ({ tenant: 'acme', user: userId }) };
  expect((await resolveInteraction(governor, later, config)).subject).toEqual(subject);
  const runs = createRunRegistry<{ readonly interaction: ReturnType<typeof governor.interaction> }>();
  const { interaction } = runs.set(config, { interaction: governor.interaction(subject) });
  const byRun = { interaction: (given: Config) => runs.get(given)!.interaction };
  expect(await resolveInteraction(governor, byRun, config)).toBe(interaction);
});

test('an interaction that was opened here is ours to end; one that was given, or is the request’s, is not', async () => {
  const { governor } = await open({ limits: [{ id: 'one', unit: 'in_flight', allow: 1, per: '1m' }] });
  const opened = resolveInteractionNow(governor, { subject }, undefined);
  const given = resolveInteractionNow(governor, { interaction: governor.interaction(subject) }, undefined);
  setAmbientInteraction(() => given);
  expect(resolveInteractionNow(governor, {}, undefined)).toBe(given);
  expect([isOwn(opened), isOwn(given)]).toEqual([true, false]);

  const asks = async (interaction: typeof opened): Promise<string> =>
    (await governor.decide(interaction.event({ stage: 'input', content: 'hello' }))).outcome;
  expect([await asks(given), await asks(opened)]).toEqual(['ALLOW', 'COOLDOWN']);
  endOwn(given);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await asks(resolveInteractionNow(governor, { subject }, undefined))).toBe('COOLDOWN');
  await given.end();
  const next = resolveInteractionNow(governor, { subject }, undefined);
  expect(await asks(next)).toBe('ALLOW');
  endOwn(next);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await asks(resolveInteractionNow(governor, { subject }, undefined))).toBe('ALLOW');
});

const boom = (): never => {
  throw new Error('no session');
};

test.each([
  ['a subject of a wrong shape', { subject: () => ({ tenant: 'acme', user: 42 }) }, ['subject subject INVALID_ANSWER']],
  ['a subject that is null', { subject: () => null }, ['subject subject INVALID_ANSWER']],
  ['a resolver of subjects that throws', { subject: boom }, ['subject subject THREW']],
  ['one that finds nobody', { subject: () => undefined }, []],
  ['an interaction that is none', { interaction: () => ({ id: 'int_1' }) }, ['subject interaction INVALID_ANSWER']],
  ['a resolver of interactions that throws', { interaction: boom }, ['subject interaction THREW']],
])('%s: the subject is missing, and listeners are told', async (_what, identity, told) => {
  const { governor, failures } = await open();
  for (const resolve of [resolveInteraction, resolveInteractionNow]) {
    const interaction = await resolve(governor, identity as never, undefined);
    expect([interaction.subjectMissing, isOwn(interaction)]).toEqual([true, true]);
  }
  expect(failures()).toEqual([...told, ...told]);
});

test('where the framework cannot wait, a promised subject is nobody, and what it rejects with is nobody’s to catch', async () => {
  const { governor, failures } = await open();
  for (const source of [async () => subject, async () => boom()]) {
    const interaction = resolveInteractionNow(governor, { subject: source }, undefined);
    expect(interaction.subjectMissing).toBe(true);
  }
  expect(failures()).toEqual(['subject subject THREW', 'subject subject THREW']);
});

test('without any identity there is an error that says how', async () => {
  const { governor } = await open();
  expect(() => resolveInteraction(governor, {}, undefined)).toThrow(/give `subject` or `interaction`/);
});

test('a run is found by any object it was registered under, and by no other', () => {
  const runs = createRunRegistry<{ steps: number }>();
  const [run, signal] = [{ steps: 1 }, new AbortController().signal];
  runs.set(config, run);
  runs.set(signal, run);
  expect([runs.get(config), runs.get(signal), runs.get({})]).toEqual([run, run, undefined]);
  expect(runs.of(config, () => ({ steps: 2 }))).toBe(run);
  const other = {};
  expect(runs.of(other, () => ({ steps: 2 }))).toBe(runs.get(other));
});

test('a function chooses the policy by the configuration of the run; one that fails stops what it was asked for', async () => {
  const { governor } = await open({ policy: 'bank' });
  const by = (policy: unknown) => resolveInteractionNow(governor, { subject, policy: policy as () => string }, config);
  expect(by(({ userId }: Config) => (userId === 'ada' ? 'bank' : 'other')).policy).toBe('bank');
  for (const choice of [boom, () => undefined, async () => 'bank', () => 'nobody']) {
    const event = by(choice).event({ stage: 'input', content: 'hello' });
    expect(await governor.decide(event)).toMatchObject({ outcome: 'BLOCK', reason: 'POLICY_UNKNOWN' });
  }
});

test('only an object with all that carries the events of a run is an interaction', async () => {
  const { governor } = await open();
  const own = governor.interaction(subject);
  const [event, end, addLabels] = [() => undefined, () => undefined, () => undefined];
  for (const value of [own, { event, end, addLabels }]) expect(isInteraction(value)).toBe(true);
  const others = [undefined, null, 'int_1', {}, { event, end }, { end, addLabels }, { event, addLabels: [], end }];
  for (const value of [...others, Object.assign(() => undefined, { event, end, addLabels })]) {
    expect(isInteraction(value)).toBe(false);
  }
});
