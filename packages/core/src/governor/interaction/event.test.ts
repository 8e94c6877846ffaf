import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGovernor } from '../../governor.ts';
import type { EventInit, Governor, Interaction } from '../api.ts';
import { MAX_LABELS } from './interaction.ts';

let governor: Governor;
let interaction: Interaction;

beforeAll(async () => {
  governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
  interaction = governor.interaction({ tenant: 't' });
});
afterAll(() => governor.close());

const made = (init: object): ReturnType<Interaction['event']> => interaction.event(init as EventInit);

describe('an event says what its author left out', () => {
  it.each([
    ['input', 'model'],
    ['output', 'model'],
    ['retrieval', 'retriever'],
    ['tool_call', 'tool'],
    ['tool_result', 'tool'],
  ])('%s happens at the %s', (stage, point) => {
    expect(made({ stage }).point).toBe(point);
    expect(made({ stage, point: 'http' }).point).toBe('http');
  });

  it('and nothing that is not so', () => {
    const event = made({ stage: 'input', unreadable: [], resource: { model: undefined, route: '/chat' } });
    expect(event).not.toHaveProperty('unreadable');
    expect(event).not.toHaveProperty('subjectMissing');
    expect(event).not.toHaveProperty('args');
    expect(event.resource).toEqual({ route: '/chat' });
    expect(event.attributes).toEqual({});
    expect(event.content).toEqual([]);
  });

  it('its segments keep what is known of them, and get an address of their own', () => {
    const content = [{ text: 'a' }, { path: 'b', text: 'b', role: 'user', block: '1', separate: true, separator: 1 }];
    expect(made({ stage: 'input', content }).content).toEqual([
      { path: 'content[0]', text: 'a' },
      { path: 'b', text: 'b', role: 'user', block: '1', separate: true },
    ]);
  });

  it('keeps the first 64 addresses of what could not be read, sorted, each once', () => {
    const unreadable = Array.from({ length: 70 }, (_, n) => `p${String(69 - n).padStart(2, '0')}`);
    const kept = made({ stage: 'input', unreadable: [...unreadable, 'p00'] }).unreadable;
    expect(kept).toEqual(unreadable.toReversed().slice(0, 64));
    expect(Object.isFrozen(kept)).toBe(true);
  });

  it('shows its facts when it is printed, and no machinery', () => {
    const printed = inspect(made({ stage: 'input', content: 'hello' }));
    expect(printed).toContain("text: 'hello'");
    expect(printed).toContain('Symbol(flyball.event): …');
  });
});

describe('a mistake in an event is told with its place', () => {
  const forty = 'x'.repeat(40);
  it.each<[place: string, init: unknown, message: string]>([
    ['no object', 'input', 'an event must be an object with at least a `stage`'],
    ['a list', [], 'an event must be an object with at least a `stage`'],
    ['a stage of 40 characters', { stage: forty }, `\`stage\` is \`${forty}\`; it must be one of input,`],
    ['a longer one', { stage: `${forty}y` }, `\`stage\` is \`${forty}…\`; it must be one of`],
    ['a number as point', { stage: 'input', point: 5 }, '`point` is `number`; it must be one of'],
    ['content', { stage: 'input', content: 5 }, '`content` must be a string or a list of segments'],
    ['text', { stage: 'input', content: [{ text: 5 }] }, '`content[0].text` must be a string'],
    ['a segment', { stage: 'input', content: ['a', 'b'] }, '`content[0].text` must be a string'],
    ['role', { stage: 'input', content: [{ text: '', role: 'boss' }] }, '`content[0].role` is `boss`'],
    ['channel', { stage: 'input', content: [{ text: '', channel: 'x' }] }, '`content[0].channel` is `x`'],
    [
      'block',
      { stage: 'input', content: [{ text: '', block: '' }] },
      '`content[0].block` must be a string of 1 to 512',
    ],
    [
      'an address twice',
      {
        stage: 'input',
        content: [
          { path: 'a', text: '' },
          { path: 'a', text: '' },
        ],
      },
      '`content[1].path` repeats `a`: every segment needs an address of its own',
    ],
    [
      'an address twice among many',
      {
        stage: 'input',
        content: [...Array.from({ length: 12 }, (_, i) => ({ path: `p${i}`, text: '' })), { path: 'p0', text: '' }],
      },
      '`content[12].path` repeats `p0`: every segment needs an address of its own',
    ],
    [
      'a long address',
      { stage: 'input', content: [{ path: 'a'.repeat(4097), text: '' }] },
      '`content[0].path` must be a string of 1 to 4096 characters',
    ],
    ['unreadable', { stage: 'input', unreadable: 'path' }, '`unreadable` must be a list of addresses'],
    ['an unreadable', { stage: 'input', unreadable: ['a', ''] }, '`unreadable[1]` must be a string of 1 to 4096'],
    ['attributes', { stage: 'input', attributes: [] }, '`attributes` must be an object'],
    ['resource', { stage: 'input', resource: 'chat' }, '`resource` must be an object'],
    [
      'a resource',
      { stage: 'input', resource: { url: '/' } },
      '`resource.url` is not known; `resource` has model, tool',
    ],
    ['an id', { stage: 'input', id: 'x'.repeat(513) }, '`id` must be a string of 1 to 512 characters'],
  ])('%s', (_place, init, message) => {
    expect(() => made(init as object)).toThrow(
      expect.objectContaining({ code: 'EVENT_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it.each([undefined, null, 'input', 5, ['input']])('of what is no event: %j', async (given) => {
    await expect(governor.decide(given as never)).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      message: 'expected an event: make one with `interaction.event({ stage, content })`',
    });
  });

  it.each<[place: string, change: object, message: string]>([
    ['labels', { labels: 'untrusted' }, '`labels` must be a list of names'],
    ['a label', { labels: ['a', 5] }, '`labels` must be a list of names'],
    ['subjectMissing', { subjectMissing: false }, '`subjectMissing` must be true or absent'],
    ['policy', { policy: '' }, '`policy` must be a string'],
    ['interactionId', { interactionId: 7 }, '`interactionId` must be a string'],
    ['id', { id: '' }, '`id` must be a string of 1 to 512 characters'],
  ])('of a copy, too: %s', async (_place, change, message) => {
    const copy = { ...structuredClone(made({ stage: 'input' })), ...change };
    await expect(governor.decide(copy as never)).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('an interaction', () => {
  it('carries a bounded number of labels, each a name', () => {
    const labelled = governor.interaction({ tenant: 't' });
    const names = Array.from({ length: MAX_LABELS }, (_, n) => `l${n}`);
    labelled.addLabels(...names, 'l0');
    expect(labelled.labels).toEqual(names.toSorted());
    labelled.addLabels('l1');
    expect(() => labelled.addLabels('one more')).toThrow(`an interaction carries at most ${MAX_LABELS} labels`);
    expect(() => labelled.addLabels('')).toThrow('a label is a name: a string that is not empty');
    expect(labelled.labels).toHaveLength(MAX_LABELS);
  });

  it('has one signal, aborted by a halt that came before it was asked for', async () => {
    const halted = governor.interaction({ tenant: 'halted' });
    await governor.control.halt({ tenant: 'halted' }, { who: 'op', why: 'test' });
    expect(halted.signal.aborted).toBe(true);
    expect(halted.signal).toBe(halted.signal);
    expect(interaction.signal.aborted).toBe(false);
  });

  it('refuses options that it does not know, with its name', () => {
    expect(() => governor.interaction({ tenant: 't' }, { polices: 'p' } as never)).toThrow(/governor\.interaction/);
    expect(() => governor.interaction({ tenant: 't' }, { id: 'x'.repeat(513) })).toThrow(/1 to 512 characters/);
    expect(governor.interaction({ tenant: 't' }, { id: 'x'.repeat(512) }).id).toHaveLength(512);
  });

  it('tells what is wrong with a subject, whatever it throws when it is read', () => {
    const throwing = new Proxy(
      {},
      {
        ownKeys: () => {
          // oxlint-disable-next-line only-throw-error -- what others throw
          throw 'no';
        },
      },
    );
    for (const [subject, message] of [
      [{}, '`subject.tenant` is missing; give at least `{ tenant }`, from trusted code'],
      [{ tenant: 't', team: 'x' }, '`subject.team` is not known; `subject` has tenant, user, session, agent'],
      [throwing, 'the subject is not an object; give at least'],
    ] as const)
      expect(() => governor.interaction(subject as never)).toThrow(
        expect.objectContaining({ code: 'SUBJECT_INVALID', message: expect.stringContaining(message) }),
      );
    const given: { tenant: string; user?: string | undefined } = { tenant: 't', user: undefined };
    const { subject } = governor.interaction(given as never);
    given.tenant = 'other';
    expect(subject).toStrictEqual({ tenant: 't' });
    expect(Object.isFrozen(subject)).toBe(true);
  });

  it('reports nothing where the mode is off or nobody loaded its policy, and checks the amounts elsewhere', async () => {
    const event = made({ stage: 'output' });
    await expect(interaction.report(event, { tokens: Number.NaN })).rejects.toThrow(/tokens/);
    await expect(interaction.report({ ...event, policy: 'gone' }, { tokens: 5 })).resolves.toBeUndefined();
    await expect(interaction.report(event, null as never)).rejects.toThrow('takes amounts by unit');
    await governor.control.setMode({ tenant: 'quiet' }, 'off', { who: 'op', why: 'test' });
    const quiet = governor.interaction({ tenant: 'quiet' });
    await expect(quiet.report(quiet.event({ stage: 'output' }), { tokens: Number.NaN })).resolves.toBeUndefined();
  });
});
