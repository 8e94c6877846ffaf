import { expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import { createGovernor } from '../governor.ts';
import type { Decision, Failure } from '../contract/ruling.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { RecordPaths, withPaths } from './record-paths.ts';

it('A2: a key of JSON that nobody named is numbered, and the same key has the same number', () => {
  const paths = new RecordPaths(undefined);
  expect(
    [
      'body.messages[2].content[0].text',
      'args.deep.{Project_Nightjar_starts_in_May}',
      'args.deep.Project_Nightjar_starts_in_May[1]',
      'args.items[0].zeta',
      'args.items[1].zeta~2',
      'args.#3.~17',
      'args.~rest',
      'args.~rest~2',
      'text[msg_0a1b]#2',
    ].map((path) => paths.of(path)),
  ).toEqual([
    'body.messages[2].content[0].text',
    'args.@1.{@2}',
    'args.@1.@2[1]',
    'args.items[0].@3',
    'args.items[1].@3~2',
    'args.#3.~17',
    'args.~rest',
    'args.~rest~2',
    'text[@4]#2',
  ]);
});

it('A2: the record says nothing of keys, the decision that adapters get still addresses them', async () => {
  const sink = createMemorySink();
  const governor = await createGovernor({
    audit: sink,
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'pii' }],
      facts: ['tool.args.amount'],
      rules: [
        { id: 'mask', on: 'tool_call', detect: 'pii', then: 'redact', reason: 'P_PII', editArgs: true },
        { id: 'cap', on: 'tool_call', when: 'tool.args.limits.daily > 5', then: 'block', reason: 'P_CAP' },
      ],
    },
  });
  const args = { amount: 3, limits: { daily: 1 }, Nightjar_launch: { starts_in_May: 'a@b.example' } };
  const event = governor.interaction({ tenant: 't' }).event({
    stage: 'tool_call',
    resource: { tool: 'pay' },
    args,
    unreadable: ['args.Nightjar_launch.hidden_part'],
  });
  const decision = await governor.decide(event);
  await governor.close();
  const record = sink.records().at(-1)!;
  expect(JSON.stringify(record)).not.toMatch(/Nightjar|starts_in|hidden/);
  expect(JSON.stringify(record)).toContain('args.limits.daily');
  expect(decision.signals[0]?.segment).toBe('args.Nightjar_launch.starts_in_May');
  const kept = record.kind === 'decision' ? record : undefined;
  const place = kept?.decision.signals[0]?.segment;
  expect(place).toBe('args.@1.@2');
  expect(kept?.event.segments.map(({ path }) => path)).toContain(place);
  expect(kept?.decision.errors.map(({ id }) => id)).toEqual(kept?.event.unreadable);
});

it('words that everybody knows stand for themselves, whatever follows them', () => {
  const words =
    'answer docs document label message output_text page q user rows source summary title tool_result toolCalls values';
  for (const word of words.split(' ')) {
    const paths = new RecordPaths(undefined);
    const given = [`args.${word}`, `${word}[3].text`, `${word}#2`, `args.${word}~rest~4`, `{${word}}`];
    expect([...given.map((path) => paths.of(path)), paths.changed]).toEqual([...given, false]);
  }
});

it('what follows a name stays, and the text around it', () => {
  for (const suffix of ['', '~rest', '~rest~3', '~2', '#7', '~text', '[0]', '.#3.~17']) {
    const paths = new RecordPaths(undefined);
    expect(paths.of(`args.Nightjar${suffix}.body`)).toBe(`args.@1${suffix}.body`);
    expect([paths.changed, paths.of(`Nightjar${suffix}`)]).toEqual([true, `@1${suffix}`]);
  }
});

it('an address of any length is numbered alike, seen before or not', () => {
  for (const length of [1, 195, 196, 197, 400]) {
    const name = 'z'.repeat(length);
    for (let time = 0; time < 2; time++) expect(new RecordPaths(undefined).of(`args.${name}`)).toBe('args.@1');
  }
  for (let n = 0; n < 2100; n++) expect(new RecordPaths(undefined).of(`args.k${n}.text`)).toBe('args.@1.text');
});

const policyOf = (facts: readonly string[], ...sources: readonly (string | undefined)[]): CompiledPolicy =>
  ({
    facts,
    stages: { tool_call: { rules: sources.map((source) => ({ when: source === undefined ? source : { source } })) } },
  }) as unknown as CompiledPolicy;

it('names that a policy lists or reads stand for themselves, and no others', () => {
  const policy = policyOf(['tool.args.amount.in_euro'], undefined, 'tool.args.limits.daily > 5 && args.other > 1');
  for (let time = 0; time < 2; time++) {
    const paths = new RecordPaths(policy);
    expect(
      ['args.amount.in_euro', 'args.limits.daily', 'args.other', 'args.mutated'].map((one) => paths.of(one)),
    ).toEqual([...['args.amount.in_euro', 'args.limits.daily', 'args.@1', 'args.@2']]);
  }
  expect(new RecordPaths(policyOf([])).of('args.amount')).toBe('args.@1');
});

it('failures to read or edit content are named after its address, others after what failed', () => {
  const paths = new RecordPaths(undefined);
  for (const part of ['content', 'edit'] as const) {
    const failure: Failure = { part, id: 'args.Nightjar', code: 'UNREADABLE' };
    const placed = paths.inFailure(failure);
    expect([placed, Object.isFrozen(placed)]).toEqual([{ ...failure, id: 'args.@1' }, true]);
    const plain: Failure = { ...failure, id: 'args.text' };
    expect(paths.inFailure(plain)).toBe(plain);
  }
  const other: Failure = { part: 'detector', id: 'Nightjar', code: 'THREW' };
  expect(paths.inFailure(other)).toBe(other);
});

it('a decision is the one that was given, unless an address of it had to change', () => {
  const decisionOf = (path: string, more: Partial<Decision> = {}): Decision =>
    ({
      ...{ signals: [], edits: [], errors: [] },
      coverage: { segments: [{ path, length: 1, scanned: 1 }], unjudged: [] },
      ...more,
    }) as unknown as Decision;
  const plain = decisionOf('args.text');
  expect(withPaths(plain, new RecordPaths(undefined))).toBe(plain);
  const placed = withPaths(
    decisionOf('args.b', {
      signals: [{ type: 's', segment: 'args.a' }] as unknown as Decision['signals'],
      edits: [{ segment: 'args.a', mask: 'm' }] as unknown as Decision['edits'],
      notApplied: [{ segment: 'args.c' }] as unknown as Decision['edits'],
      withheld: ['args.d'],
      errors: [
        { part: 'content', id: 'args.e', code: 'UNREADABLE' },
        { part: 'content', id: 'args.b', code: 'UNREADABLE' },
      ],
      coverage: {
        segments: [{ path: 'args.b' }],
        unjudged: [{ path: 'args.f', why: 'trail' }],
      } as unknown as Decision['coverage'],
    }),
    new RecordPaths(undefined),
  );
  expect(placed).toEqual({
    signals: [{ type: 's', segment: 'args.@1' }],
    edits: [{ segment: 'args.@1', mask: 'm' }],
    notApplied: [{ segment: 'args.@4' }],
    withheld: ['args.@5'],
    errors: ['args.@2', 'args.@3'].map((id) => ({ part: 'content', id, code: 'UNREADABLE' })),
    coverage: { segments: [{ path: 'args.@2' }], unjudged: [{ path: 'args.@6', why: 'trail' }] },
  });
  expect('withheld' in withPaths(decisionOf('args.b'), new RecordPaths(undefined))).toBe(false);
});
