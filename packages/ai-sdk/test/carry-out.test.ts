import type { LanguageModelV4, TranscriptionModelV4 } from '@ai-sdk/provider';
import { createGovernor, createMemorySink, type Governor, type PolicyDocument } from '@flyball/core';
import { generateText, jsonSchema, tool, type ToolSet } from 'ai';
import { MockEmbeddingModelV4, MockTranscriptionModelV4 } from 'ai/test';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  govern,
  governEmbeddingModel,
  GovernanceBlockedError,
  governModel,
  governTools,
  governTranscriptionModel,
} from '../src/index.ts';
import { PAYLOADS, rule, stream, subject } from './harness.ts';
import { scriptedModel, text, toolCall } from './models.ts';

type Rules = NonNullable<PolicyDocument['rules']>;
const CARD = 4111111111111111;

async function open(policy: Partial<PolicyDocument>): Promise<{
  readonly governor: Governor;
  /** Stage, outcome and reason of each record. */
  readonly recorded: () => readonly string[];
}> {
  const audit = createMemorySink();
  const detectors = [
    { id: 'word', patterns: ['TOPSECRET'] },
    { id: 'email', patterns: ['[a-z]+@[a-z]+\\.com'] },
    { id: 'card', patterns: ['\\d{16}'] },
  ];
  const governor = await createGovernor({ audit, policy: { policy: 'test', version: 1, detectors, ...policy } });
  onTestFinished(() => governor.close());
  return {
    governor,
    recorded: () =>
      audit
        .records()
        .flatMap((record) =>
          record.kind === 'decision'
            ? [`${record.event.stage} ${record.decision.outcome} ${record.decision.reason}`]
            : [],
        ),
  };
}

const redactsCards: Rules = [{ id: 'card', on: 'tool_result', detect: 'card', then: 'redact', reason: 'P_CARD' }];
const inputSchema = jsonSchema({ type: 'object' });
type Called = { readonly [name: string]: { readonly toModelOutput: (result: object) => Promise<unknown> } };

describe('what the model reads of a tool and what the record says agree', () => {
  const pay = (governor: Governor, value: unknown, onBlock?: 'stop'): Called =>
    governTools(
      {
        pay: tool({ inputSchema, execute: () => 'ok', toModelOutput: () => ({ type: 'json', value: value as never }) }),
      },
      { governor, subject, ...(onBlock !== undefined && { onBlock }) },
    ) as unknown as Called;
  const RESULT = { toolCallId: '1', input: {}, output: 'ok' };

  test('E2: an edit of a number, which cannot be carried out, is a stop in both', async () => {
    const { governor, recorded } = await open({ rules: redactsCards });
    expect(await pay(governor, { card: CARD })['pay']!.toModelOutput(RESULT)).toEqual({
      type: 'error-text',
      value: 'The call was made, but its result is withheld: it was stopped by policy (EDIT_NOT_APPLICABLE).',
    });
    expect(recorded()).toEqual(['tool_result ALLOW P_CARD', 'tool_result BLOCK EDIT_NOT_APPLICABLE']);
  });

  test('an edit of a text is in what the model reads', async () => {
    const { governor, recorded } = await open({ rules: redactsCards });
    expect(await pay(governor, { card: String(CARD) })['pay']!.toModelOutput(RESULT)).toEqual({
      type: 'json',
      value: { card: '[CARD]' },
    });
    expect(recorded()).toEqual(['tool_result ALLOW P_CARD']);
  });

  test.each(['shadow', 'off'] as const)('E4: in %s the model reads what the tool says', async (mode) => {
    const { governor } = await open({ rules: redactsCards, mode });
    expect(await pay(governor, { card: CARD })['pay']!.toModelOutput(RESULT)).toEqual({
      type: 'json',
      value: { card: CARD },
    });
  });

  test('T4: with `onBlock: stop` the run ends before the model is asked again', async () => {
    const { governor } = await open({ rules: redactsCards });
    const model = scriptedModel(toolCall('c1', 'pay', {}), text('2', 'Done.'));
    const tools: ToolSet = {
      pay: tool({ inputSchema, execute: () => 'ok', toModelOutput: () => ({ type: 'json', value: { card: CARD } }) }),
    };
    const seen = await stream(governor, model, { tools, onBlock: 'stop' });
    expect([seen.finishReason, model.prompts.length]).toEqual(['content-filter', 1]);
  });
});

test('T1: a call that was stopped is stopped again when it is repeated', async () => {
  const { governor } = await open({
    rules: [{ id: 'cap', on: 'tool_call', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' }],
  });
  const execute = vi.fn(() => 'paid');
  const interaction = governor.interaction(subject);
  const tools: ToolSet = governTools({ refund: tool({ inputSchema, execute }) }, { governor, interaction });
  for (let time = 0; time < 2; time++) {
    await expect(
      (async () => tools['refund']!.execute!({ amount: 900 }, { toolCallId: 'c', messages: [] } as never))(),
    ).rejects.toSatisfy(GovernanceBlockedError.isInstance);
  }
  expect(execute).not.toHaveBeenCalled();
});

describe('an operator who relaxes the mode while a decision is made', () => {
  test('frees nothing that was decided while it was enforced', async () => {
    const { governor, recorded } = await open({ rules: redactsCards });
    const tools: ToolSet = governTools(
      { pay: tool({ inputSchema, execute: () => ({ card: CARD }) }) },
      {
        governor: new Proxy(governor, {
          get: (target, name) => {
            const value: unknown = Reflect.get(target, name);
            if (name !== 'decideNow') return typeof value === 'function' ? value.bind(target) : value;
            return async (event: { readonly stage: string }) => {
              const decision = await target.decide(event as never);
              if (event.stage === 'tool_result') await target.control.setMode({}, 'off', { who: 'op', why: 'a test' });
              return decision;
            };
          },
        }),
        subject,
      },
    );
    const running = (async () => tools['pay']!.execute!({}, { toolCallId: 'c', messages: [] } as never))();
    await expect(running).rejects.toSatisfy(GovernanceBlockedError.isInstance);
    expect(recorded().at(-1)).toBe('tool_result BLOCK EDIT_NOT_APPLICABLE');
  });
});

describe('stages that an adapter produces are known', () => {
  const wired = (governor: Governor): readonly string[] => governor.status().policies[0]!.stageNotWired;
  const onOutput: Rules = [rule('output', 'block', { detect: 'word' })];

  test('D8: a model for transcription produces outputs', async () => {
    const { governor } = await open({ rules: [...onOutput, rule('input', 'block', { detect: 'word' })] });
    governTranscriptionModel({ governor, subject, model: new MockTranscriptionModelV4() as TranscriptionModelV4 });
    expect(wired(governor)).toEqual(['input']);
  });

  test('D8: a model for embeddings produces inputs', async () => {
    const { governor } = await open({ rules: [...onOutput, rule('input', 'block', { detect: 'word' })] });
    governEmbeddingModel({ governor, subject, model: new MockEmbeddingModelV4() });
    expect(wired(governor)).toEqual(['output']);
  });
});

describe('stages that nothing reads', () => {
  /** Fails whoever looks inside. */
  const sealed = new Proxy(
    {},
    {
      get: (_target, name) => {
        // What promises ask of everything.
        if (name === 'then' || name === Symbol.asyncIterator || name === 'flyball') return undefined;
        throw new Error(`looked at ${String(name)}`);
      },
      ownKeys: () => {
        throw new Error('looked at its keys');
      },
      has: () => false,
    },
  );

  test.each([
    ['in mode off', { mode: 'off', rules: [rule(['input', 'tool_call', 'tool_result'], 'block', { detect: 'word' })] }],
    ['without a rule for them', { rules: [rule('retrieval', 'block', { detect: 'word' })] }],
  ] as const)('E4: %s, arguments and results are not looked at, and counted', async (_how, policy) => {
    const { governor, recorded } = await open(policy);
    const tools: ToolSet = governTools(
      { send: tool({ inputSchema, execute: (input): unknown => input }) },
      {
        governor,
        subject,
      },
    );
    const result: unknown = await tools['send']!.execute!(sealed, { toolCallId: 'c', messages: [] } as never);
    expect(result === sealed).toBe(true);
    const reason = 'mode' in policy ? 'GOVERNANCE_OFF' : 'NOT_GOVERNED';
    expect(recorded()).toEqual([`tool_call NO_OP ${reason}`, `tool_result NO_OP ${reason}`]);
  });

  test('E4: a run of many parts is one record for each prompt, answer, call and result', async () => {
    const { governor, recorded } = await open({});
    const source = { type: 'source', sourceType: 'url', id: 's', url: 'https://acme.example' } as const;
    const model = scriptedModel(
      [source, source, ...text('1', 'I look.'), ...toolCall('c1', 'send', { to: 'bob' })],
      text('2', 'Done.'),
    );
    const tools: ToolSet = {
      send: tool({ inputSchema, execute: () => 'sent', toModelOutput: () => ({ type: 'text', value: 'sent' }) }),
    };
    await stream(governor, model, { tools });
    expect(recorded().map((record) => record.split(' ')[0])).toEqual([
      'input',
      // Nothing reads the answer, so the call waits for no end of it.
      'tool_call',
      'output',
      'tool_result',
      'input',
      'output',
    ]);
  });

  test('D6: a halt is seen all the same', async () => {
    const { governor } = await open({});
    const execute = vi.fn(() => 'sent');
    const tools: ToolSet = governTools({ send: tool({ inputSchema, execute }) }, { governor, subject });
    await governor.control.halt({}, { who: 'op', why: 'a test' });
    const running = (async () => tools['send']!.execute!({}, { toolCallId: 'c', messages: [] } as never))();
    await expect(running).rejects.toMatchObject({ denial: { reason: 'HALTED' } });
    expect(execute).not.toHaveBeenCalled();
  });
});

describe('an application’s own words', () => {
  const blocked = async (): Promise<Governor> =>
    (await open({ rules: [rule('input', 'block', { detect: 'word' })] })).governor;

  test.each([
    ['are said', () => 'Sorry.', 'Sorry.'],
    ['may have to be awaited', async () => 'Sorry.', 'Sorry.'],
    [
      'that throw are replaced',
      () => {
        throw new Error('no words');
      },
      'This was stopped by policy.',
    ],
    ['that are no text are replaced', () => 42 as never, 'This was stopped by policy.'],
    ['that take too long are replaced', async () => new Promise<never>(() => {}), 'This was stopped by policy.'],
  ])('%s', async (_how, refusal, words) => {
    const governor = await blocked();
    const model = scriptedModel(text('1', 'fine'));
    const said = generateText({ ...govern(governor, { model, subject, refusal }), prompt: PAYLOADS.word });
    const streamed = stream(governor, model, { refusal, prompt: PAYLOADS.word });
    expect([(await said).text, (await streamed).refusal]).toEqual([words, words]);
  });

  test('a reader who leaves while they are awaited is not waited for', async () => {
    const { governor } = await open({ rules: [rule('output', 'block', { detect: 'word' })] });
    let say: ((words: string) => void) | undefined;
    const refusal = (): Promise<string> => new Promise((resolve) => (say = resolve));
    const model: LanguageModelV4 = governModel({
      model: scriptedModel(text('1', PAYLOADS.word)),
      governor,
      subject,
      refusal,
    });
    const { stream: parts } = await model.doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    });
    const reader = parts.getReader();
    const reading = (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read());
    })();
    await vi.waitFor(() => expect(say).toBeDefined());
    await reader.cancel('gone');
    await reading;
    // Said too late: an attempt to send it would be an unhandled rejection.
    say!('Sorry.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

test('a governor that closes while the end of an answer is decided on cuts it, and says so', async () => {
  const detect = vi.fn(async () => new Promise<never>(() => {}));
  const governor = await createGovernor({
    policy: {
      policy: 'test',
      version: 1,
      deadline: '5s',
      rules: [{ id: 'slow', on: 'output', detect: 'slow', then: 'block', reason: 'P_SLOW' }],
    },
    detectors: [{ id: 'slow', version: '1', types: ['slow'], detect }],
  });
  const running = generateText({
    ...govern(governor, { subject, model: scriptedModel(text('1', 'fine')) }),
    prompt: 'hello',
  });
  await vi.waitFor(() => expect(detect).toHaveBeenCalled());
  await governor.close();
  const { finishReason, text: said, providerMetadata } = await running;
  expect([finishReason, said]).toEqual(['content-filter', 'This answer was cut short. Please try again later.']);
  expect(providerMetadata?.['flyball']).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
});
