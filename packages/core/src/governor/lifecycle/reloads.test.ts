import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AssembledPolicy } from '../../assemble.ts';
import type { PolicyDocument } from '../../policy/document/document.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';
import type { LoadPolicy } from './load-policy.ts';
import { openPolicies, type PolicyChange } from './policies.ts';
import type { PolicyFile } from './policy-file.ts';

// Policies of watched files, without files: what is loaded, when, and what is told of it.

type Load = (reading: (file: string) => void) => AssembledPolicy | Promise<AssembledPolicy>;

/** A policy that is made of these files. */
const of =
  (version: string, ...files: readonly string[]): Load =>
  (reading) => {
    for (const file of files) reading(file);
    return assembled(version);
  };

function assembled(behaviorVersion: string, id = 'p'): AssembledPolicy {
  const document = { policy: id, version: 1 } as PolicyDocument;
  const policy = { id, behaviorVersion, audit: { durable: [] } };
  return { policy, material: { document } } as unknown as AssembledPolicy;
}

/** A file that does not load is read again after so long. */
const UNFINISHED = 500;
const FILE: PolicyFile = { file: '/there/policy.yaml', watch: true };
const watchers = new Map<string, () => void>();
let unwatchable: string | undefined;
/** What looks at each file once a second. */
const looks = new Map<string, () => void>();
let stamp: bigint;
let closed = 0;

beforeEach(() => {
  vi.useFakeTimers();
  watchers.clear();
  looks.clear();
  unwatchable = undefined;
  closed = 0;
  stamp = 1n;
  const files = process.getBuiltinModule('node:fs');
  vi.spyOn(files, 'watch').mockImplementation(((
    folder: string,
    _options: unknown,
    told: (...all: unknown[]) => void,
  ) => {
    if (folder === unwatchable) throw new Error('too many watchers');
    watchers.set(folder, () => told('change', null));
    return { on: () => undefined, close: () => void closed++ };
  }) as never);
  vi.spyOn(files, 'watchFile').mockImplementation(((file: string, _options: unknown, look: () => void) => {
    looks.set(file, look);
  }) as never);
  vi.spyOn(files, 'unwatchFile').mockImplementation(((file: string) => looks.delete(file)) as never);
  vi.spyOn(files.promises, 'stat').mockImplementation((async () => ({ mtimeNs: stamp })) as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const changed = async (folder = '/there'): Promise<void> => {
  stamp++;
  watchers.get(folder)!();
  await vi.advanceTimersByTimeAsync(60);
};

async function opened(first: Load = of('1', '/there/policy.yaml'), sources: PolicyFile | readonly PolicyFile[] = FILE) {
  const answers: Load[] = [first];
  let loads = 0;
  const told: PolicyChange[] = [];
  const load: LoadPolicy = async (_source, _detectors, _packs, reading) => {
    loads++;
    return (answers.shift() ?? first)(reading!);
  };
  const policies = await openPolicies(load, sources, {}, (change) => void told.push(change));
  return {
    policies,
    next: (answer: Load) => void answers.push(answer),
    loads: () => loads,
    told: () =>
      told
        .splice(0)
        .map(({ policyId, change, behaviorVersion, problems }) =>
          [policyId, change, behaviorVersion, problems].filter((part) => part !== undefined),
        ),
    running: () => policies.get('p')?.policy.behaviorVersion,
  };
}

describe('a watched file', () => {
  test('is told once when it is loaded, and read again when it may be followed: it may have changed', async () => {
    const { policies, told, loads, next, running } = await opened();
    expect([told(), loads()]).toEqual([[['p', 'loaded', '1']], 1]);
    await changed();
    expect([told(), loads()]).toEqual([[], 1]);
    next(() => assembled('2'));
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    expect([told(), loads(), running()]).toEqual([[['p', 'loaded', '2']], 2, '2']);
  });

  test('that is the same is told of no more', async () => {
    const { policies, told, loads } = await opened();
    told();
    policies.follow();
    await changed();
    expect([told(), loads()]).toEqual([[], 3]);
  });

  test.each<readonly [name: string, load: Load, problems: readonly string[]]>([
    ['with a line for each problem', () => Promise.reject(new Error('one\ntwo')), ['one', 'two']],
    ['in words that a record can hold', () => Promise.reject(new Error('broken \uD800')), ['broken \uFFFD']],
    ['where it holds another policy', () => assembled('2', 'q'), ['the file now holds policy `q`, not `p`']],
  ])('that does not load leaves the old one running, and is told %s', async (_, load, problems) => {
    const { policies, told, next, running } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    for (let reading = 0; reading < 2; reading++) next(load);
    await changed();
    await vi.advanceTimersByTimeAsync(UNFINISHED);
    expect([told(), running()]).toEqual([[['p', 'rejected', problems]], '1']);
    expect(policies.get('q')).toBeUndefined();
  });

  test('that changes twice is read one after the other, so that the later one stays', async () => {
    const { policies, told, loads, next, running } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    let answer = (_policy: AssembledPolicy): void => {};
    next(() => new Promise((resolve) => (answer = resolve)));
    next(() => assembled('3'));
    await changed();
    await changed();
    expect([told(), loads()]).toEqual([[], 3]);
    answer(assembled('2'));
    await vi.advanceTimersByTimeAsync(0);
    expect([told().map(([, , version]) => version), running()]).toEqual([['2', '3'], '3']);
  });

  test('is read and told of no more once the policies are closed', async () => {
    const { policies, told, loads, next } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    let answer = (_policy: AssembledPolicy): void => {};
    next(() => new Promise((resolve) => (answer = resolve)));
    await changed();
    policies.close();
    answer(assembled('2'));
    await changed();
    expect([told(), loads(), closed, [...watchers.keys()]]).toEqual([[], 3, 1, ['/there']]);
  });

  test('is watched with the files that it builds upon, each once, and with new ones', async () => {
    const { policies, told, next, loads } = await opened(of('1', '/there/policy.yaml', '/base/b.yaml'));
    expect([...watchers.keys()]).toEqual(['/there', '/base']);
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    next(of('2', '/there/policy.yaml', '/new/n.yaml'));
    await changed('/base');
    expect([told(), [...watchers.keys()]]).toEqual([[['p', 'loaded', '2']], ['/there', '/base', '/new']]);
    const before = loads();
    await changed('/new');
    expect(loads()).toBe(before + 1);
    policies.close();
    expect(closed).toBe(3);
  });

  test.each([
    ['is not there yet', new Error('there is no such file')],
    ['does not load', new Error('there is no effect `blok`')],
  ])('is taken once a new file that it builds upon, which %s, is right', async (_, wrong) => {
    const { policies, told, next, running } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    for (let reading = 0; reading < 2; reading++)
      next((read) => {
        void of('2', '/there/policy.yaml', '/new/n.yaml')(read);
        throw wrong;
      });
    await changed();
    await vi.advanceTimersByTimeAsync(UNFINISHED);
    expect([told(), running()]).toEqual([[['p', 'rejected', [wrong.message]]], '1']);
    next(of('2', '/there/policy.yaml', '/new/n.yaml'));
    await changed('/new');
    expect([told(), running()]).toEqual([[['p', 'loaded', '2']], '2']);
  });

  test('that is empty while it is written is not refused, and is read as soon as it changes', async () => {
    const { policies, told, next, loads, running } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    next(() => Promise.reject(new Error('found nothing')));
    await changed();
    await vi.advanceTimersByTimeAsync(UNFINISHED / 2);
    expect([told(), loads()]).toEqual([[], 3]);
    next(of('2', '/there/policy.yaml'));
    await changed();
    expect([told(), loads(), running()]).toEqual([[['p', 'loaded', '2']], 4, '2']);
    await vi.advanceTimersByTimeAsync(2 * UNFINISHED);
    expect([told(), loads()]).toEqual([[], 4]);
  });

  test('that is written without end is refused all the same', async () => {
    const { policies, told, next } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    for (let reading = 0; reading < 30; reading++) next(() => Promise.reject(new Error('found nothing')));
    for (let step = 0; step < 19; step++) await changed();
    expect(told()).toEqual([]);
    await changed();
    expect(told()).toEqual([['p', 'rejected', ['found nothing']]]);
  });

  test('is closed while it is waited for, and nothing is told', async () => {
    const { policies, told, next, loads } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    next(() => Promise.reject(new Error('found nothing')));
    await changed();
    policies.close();
    await vi.advanceTimersByTimeAsync(2 * UNFINISHED);
    expect([told(), loads(), looks.size]).toEqual([[], 3, 0]);
  });

  test('says in the status that it holds what does not load, and tells when it holds what runs again', async () => {
    const { policies, told, next } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    expect([told().length, policies.refused('p')]).toEqual([1, undefined]);
    const issue = { file: 'base.yaml', line: 4, column: 9, path: 'rules[0].then', code: 'VALUE_UNKNOWN' } as const;
    for (let reading = 0; reading < 4; reading++)
      next(() => Promise.reject(new PolicyError([{ ...issue, message: 'unknown value `blok`' }])));
    for (let change = 0; change < 2; change++) {
      await changed();
      await vi.advanceTimersByTimeAsync(UNFINISHED);
    }
    expect(told()).toEqual([['p', 'rejected', ['base.yaml:4:9 unknown value `blok`']]]);
    expect(policies.refused('p')).toEqual({
      ...{ ...issue, code: 'VERSION_REFUSED' },
      message: 'the version that the file holds does not load, so the one before it runs: unknown value `blok`',
    });
    await changed();
    expect([told(), policies.refused('p')]).toEqual([[['p', 'loaded', '1']], undefined]);
  });

  test('is looked at each second where nobody gives notice, and one change is read once', async () => {
    unwatchable = '/there';
    const { policies, told, next, loads } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    next(of('2', '/there/policy.yaml'));
    stamp++;
    for (let look = 0; look < 2; look++) {
      looks.get('/there/policy.yaml')!();
      await vi.advanceTimersByTimeAsync(60);
    }
    expect([told(), loads()]).toEqual([[['p', 'loaded', '2']], 3]);
  });

  test('is told of where a new file that it builds upon cannot be watched', async () => {
    const { policies, told, next } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    unwatchable = '/new';
    next(of('2', '/there/policy.yaml', '/new/n.yaml'));
    await changed();
    expect(told()).toEqual([['p', 'loaded', '2']]);
  });
});

test('a file that nobody asked to watch is not watched, and followed by no second look', async () => {
  const { policies, loads } = await opened(undefined, [{ file: '/there/policy.yaml' }]);
  policies.follow();
  await vi.advanceTimersByTimeAsync(0);
  expect([watchers.size, loads(), policies.first, policies.all().length]).toEqual([0, 1, 'p', 1]);
});

test.each([
  [[], 'no policy was given: pass `policy` to createGovernor'],
  [[FILE, FILE], 'two policies are named `p`: give each a name of its own'],
])('%j is refused', async (sources, message) => {
  await expect(opened(undefined, sources)).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message });
});
