import type { FSWatcher } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { requireGovernor } from '../../adapter/require-governor.ts';
import { createMemorySink } from '../../audit/memory-sink.ts';
import { createGovernor } from '../../governor.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import type { Governor } from '../api.ts';
import type { GovernorEvent } from './events.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const policy = { policy: 'p', version: 3 } as const;

test('an adapter is told what its policy asks of it, and nothing of a policy that nobody loaded', async () => {
  const rule = { id: 'r', on: ['output', 'tool_call'], then: 'block', reason: 'P_RULE' } as const;
  const governor = requireGovernor(
    await createGovernor({ policy: { ...policy, providerTools: 'allow', onBlock: 'stop', rules: [rule] } as never }),
    'the test',
  );
  open.push(governor);
  expect(governor.adapterSettings('p')).toEqual({
    providerTools: 'allow',
    onBlock: 'stop',
    stages: ['output', 'tool_call'],
  });
  expect(governor.adapterSettings('q')).toBeUndefined();
});

test('S5: streams that run under `onError: block` end when the store was not heard of for `staleAfterMs`', async () => {
  const memory = createMemoryStore();
  let gone = false;
  const store: Store = {
    ...memory,
    shared: true,
    sync: (since) => (gone ? Promise.reject(new Error('gone')) : memory.sync(since)),
  };
  const governor = await createGovernor({ policy, store, staleAfterMs: 60 });
  open.push(governor);
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  gone = true;
  await vi.waitFor(() => expect(gate.terminal).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' }), {
    timeout: 5000,
  });
});

test('a start that fails leaves no file watched, and one that cannot be watched fails none', async () => {
  const files = process.getBuiltinModule('node:fs');
  const watch = files.watch as (...given: unknown[]) => FSWatcher;
  const closed = vi.fn();
  const watching = vi.spyOn(files, 'watch').mockImplementation((...given: unknown[]) => {
    if (String(given[0]).endsWith('broken')) throw new Error('too many watchers');
    return watch(...given).on('close', closed);
  });
  const folder = await mkdtemp(join(tmpdir(), 'flyball-start-'));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, 'policy: p\nversion: 1\n');
  await mkdir(join(folder, 'broken'));
  const second = join(folder, 'broken', 'policy.yaml');
  await writeFile(second, 'policy: q\nversion: 1\n');
  const sources = [file, second].map((name) => ({ file: name, watch: true }));
  const memory = createMemoryStore();
  const store: Store = { ...memory, shared: true, sync: () => Promise.reject(new Error('gone')) };
  await expect(createGovernor({ policy: sources, store, ready: 'require' })).rejects.toThrow('gone');
  expect(watching).toHaveBeenCalledTimes(2);
  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
  watching.mockRestore();
  await rm(folder, { recursive: true });
});

test('a governor that is closed watches no file any more', async () => {
  const files = process.getBuiltinModule('node:fs');
  const watch = files.watch as (...given: unknown[]) => FSWatcher;
  const closed = vi.fn();
  const watching = vi
    .spyOn(files, 'watch')
    .mockImplementation((...given: unknown[]) => watch(...given).on('close', closed));
  const folder = await mkdtemp(join(tmpdir(), 'flyball-start-'));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, 'policy: p\nversion: 1\n');
  const governor = await createGovernor({ policy: { file, watch: true } });
  expect([watching.mock.calls.length, closed.mock.calls.length]).toEqual([1, 0]);
  await governor.close();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
  watching.mockRestore();
  await rm(folder, { recursive: true });
});

test('the first event says that the governor started and by which policies, and the last that it stopped', async () => {
  const events: GovernorEvent[] = [];
  const audit = createMemorySink();
  const governor = await createGovernor({ policy, audit, onEvent: (event) => events.push(event) });
  await governor.close();
  const kinds = events.map(({ kind }) => kind);
  expect(kinds.slice(-2)).toEqual(['started', 'stopped']);
  const started = events.find((event) => event.kind === 'started');
  const [loaded] = governor.status().policies;
  expect(started).toMatchObject({ policies: [{ id: 'p', version: '3', behaviorVersion: loaded?.behaviorVersion }] });
  const [record] = audit.records();
  expect(record).toMatchObject({ kind: 'policy', change: 'loaded', auditId: expect.stringMatching(/^aud_/) });
});

test.each([undefined, null, 'function', {}])('%j listens to no events', async (listener) => {
  const governor = await createGovernor({ policy });
  open.push(governor);
  expect(() => governor.events.subscribe(listener as never)).toThrow(
    expect.objectContaining({
      code: 'OPTIONS_INVALID',
      message: '`governor.events.subscribe` takes a function',
    }) as Error,
  );
});

test.each([undefined, { name: 'loose', accept: () => undefined }])(
  'records on disk need a sink that keeps them there: %j',
  async (audit) => {
    const has = audit === undefined ? 'there is no sink' : 'the sink `loose` keeps none';
    const durable = { ...policy, audit: { durable: 'all' } } as const;
    await expect(createGovernor({ policy: durable, ...(audit && { audit }) })).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      issues: [
        {
          code: 'SINK_INSUFFICIENT',
          path: 'audit.durable',
          message: expect.stringContaining(`records on disk before the decision takes effect: ${has}. Give`) as string,
        },
      ],
    });
  },
);

test('texts are captured for whoever has a key: without one the policy does not load', async () => {
  await expect(createGovernor({ policy: { ...policy, audit: { content: 'captured' } } })).rejects.toMatchObject({
    code: 'POLICY_INVALID',
    issues: [
      {
        code: 'CONTENT_KEY_MISSING',
        path: 'audit.content',
        message: 'text is captured for those who have a key, and there is none: give the governor a `contentKey`',
      },
    ],
  });
});

test('a store or a sink that cannot let go is told, and the governor is closed all the same', async () => {
  const events: GovernorEvent[] = [];
  const fails = (): never => {
    throw new Error('stuck');
  };
  const store: Store = { ...createMemoryStore(), close: fails };
  const audit = { name: 'file', accept: () => undefined, close: fails };
  const governor = await createGovernor({ policy, store, audit, onEvent: (event) => events.push(event) });
  await governor.close();
  const failed = events.flatMap((event) =>
    event.kind === 'failure' ? [`${event.failure.part} ${event.message}`] : [],
  );
  expect(failed.toSorted()).toEqual([
    expect.stringMatching(/^audit audit `file` failed \(THREW\): stuck/),
    expect.stringMatching(/^store store `.*` failed \(.*\): stuck/),
  ]);
  expect(events.at(-1)?.kind).toBe('stopped');
});

test('an operator is told which scope is no scope, and listeners of controls hear every change until they stop', async () => {
  const governor = await createGovernor({ policy });
  open.push(governor);
  const heard: string[] = [];
  const stop = governor.control.onChange(({ op, control }) => heard.push(`${op} ${control.kind}`));
  await governor.control.halt({ tenant: 't' }, { who: 'op', why: 'test' });
  await governor.control.resume({ tenant: 't' }, { who: 'op', why: 'test' });
  expect(heard).toEqual(['set halt', 'lift halt']);
  stop();
  await governor.control.setMode({}, 'shadow', { who: 'op', why: 'test' });
  expect(heard).toHaveLength(2);
  await expect(governor.control.halt('acme' as never, { who: 'op', why: 'test' })).rejects.toThrow(
    'the scope must be an object; `{}` covers everything',
  );
});
