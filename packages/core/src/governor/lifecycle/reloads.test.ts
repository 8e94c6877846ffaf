import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AssembledPolicy } from '../../assemble.ts';
import { objectLocator, rememberOrigin } from '../../policy/document/locate.ts';
import type { PolicyDocument } from '../../policy/document/document.ts';
import { openPolicies, type PolicyChange } from './policies.ts';
import type { PolicyFile } from './policy-file.ts';

// Policies of watched files, without files: what is loaded, when, and what is told of it.

type Load = () => AssembledPolicy | Promise<AssembledPolicy>;

function assembled(behaviorVersion: string, id = 'p', files?: readonly string[]): AssembledPolicy {
  const document = { policy: id, version: 1 } as PolicyDocument;
  if (files !== undefined)
    rememberOrigin(document, {
      ...{ locator: objectLocator('policy'), problems: [], broken: () => false, isUnsure: false, isPart: false },
      files,
    });
  const policy = { id, behaviorVersion, audit: { durable: [] } };
  return { policy, material: { document } } as unknown as AssembledPolicy;
}

const FILE: PolicyFile = { file: '/there/policy.yaml', watch: true };
const watchers = new Map<string, () => void>();
let unwatchable: string | undefined;
let closed = 0;

beforeEach(() => {
  vi.useFakeTimers();
  watchers.clear();
  unwatchable = undefined;
  closed = 0;
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
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const changed = async (folder = '/there'): Promise<void> => {
  watchers.get(folder)!();
  await vi.advanceTimersByTimeAsync(60);
};

async function opened(first: Load = () => assembled('1'), sources: PolicyFile | readonly PolicyFile[] = FILE) {
  const answers: Load[] = [first];
  let loads = 0;
  const told: PolicyChange[] = [];
  const load = async (): Promise<AssembledPolicy> => {
    loads++;
    return (answers.shift() ?? first)();
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
    next(load);
    await changed();
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
    answer(assembled('2', 'p', ['/other/base.yaml']));
    await changed();
    expect([told(), loads(), closed, [...watchers.keys()]]).toEqual([[], 3, 1, ['/there']]);
  });

  test('is watched with the files that it builds upon, each once, and with new ones', async () => {
    const { policies, told, next, loads } = await opened(() =>
      assembled('1', 'p', ['/there/policy.yaml', '/base/b.yaml']),
    );
    expect([...watchers.keys()]).toEqual(['/there', '/base']);
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    next(() => assembled('2', 'p', ['/new/n.yaml']));
    await changed('/base');
    expect([told(), [...watchers.keys()]]).toEqual([[['p', 'loaded', '2']], ['/there', '/base', '/new']]);
    const before = loads();
    await changed('/new');
    expect(loads()).toBe(before + 1);
    policies.close();
    expect(closed).toBe(3);
  });

  test('is told of where a new file that it builds upon cannot be watched', async () => {
    const { policies, told, next } = await opened();
    policies.follow();
    await vi.advanceTimersByTimeAsync(0);
    told();
    unwatchable = '/new';
    next(() => assembled('2', 'p', ['/new/n.yaml']));
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

test('a file that cannot be watched at first ends the watching of the others, and nothing is told', async () => {
  unwatchable = '/other';
  let loads = 0;
  const load = async (): Promise<AssembledPolicy> => assembled('1', `p${loads++}`);
  const told: PolicyChange[] = [];
  const sources = [FILE, { file: '/other/policy.yaml', watch: true }];
  const opening = openPolicies(load, sources, {}, (change) => void told.push(change));
  await expect(opening).rejects.toThrow('too many watchers');
  expect([closed, told]).toEqual([1, []]);
});

test.each([
  [[], 'no policy was given: pass `policy` to createGovernor'],
  [[FILE, FILE], 'two policies are named `p`: give each a name of its own'],
])('%j is refused', async (sources, message) => {
  await expect(opened(undefined, sources)).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message });
});
