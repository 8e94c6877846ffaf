import type { Governor } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import { generateText, isStepCount, jsonSchema, tool, ToolLoopAgent, type ToolSet } from 'ai';
import { describe, expect, test, vi } from 'vitest';
import { govern, GovernanceBlockedError, governApproval, governModel, governTools } from '../src/index.ts';
import { generate, governorWith, PAYLOADS, rule, stream, subject } from './harness.ts';
import { reasoning, scriptedModel, text, toolCall } from './models.ts';

interface Mail {
  readonly to: string;
  readonly body: string;
}
const schema = jsonSchema<Mail>({ type: 'object', properties: { to: { type: 'string' }, body: { type: 'string' } } });
const mailer = (execute: (input: Mail) => unknown): ToolSet => ({ send: tool({ inputSchema: schema, execute }) });

async function* yieldsThen(fail: () => never): AsyncGenerator<string> {
  yield 'working';
  fail();
}

const bad: Mail = { to: 'eve', body: `it is ${PAYLOADS.word}` };
const good: Mail = { to: 'bob', body: 'lunch?' };
const runs = [
  ['streamed', stream],
  ['not streamed', generate],
] as const;

describe('governed tools of a model that is not', () => {
  const twice = () => scriptedModel(toolCall('c1', 'send', good), toolCall('c2', 'send', good), text('3', 'Done.'));
  const ask = async (governor: Governor, approval: boolean): Promise<number> => {
    const execute = vi.fn(() => 'sent');
    const interaction = governor.interaction(subject);
    await generateText({
      model: twice(),
      tools: governTools(mailer(execute), { governor, interaction }),
      ...(approval && { toolApproval: governApproval({ governor, interaction }) }),
      prompt: 'hello',
      stopWhen: isStepCount(5),
    });
    return execute.mock.calls.length;
  };

  test.each([true, false])(
    'T6: are decided anew with each message, on the labels of then; approval: %s',
    async (how) => {
      const governor = await governorWith([
        { id: 'mark', on: 'tool_result', label: 'untrusted' },
        { id: 'after', on: 'tool_call', when: 'label("untrusted")', then: 'block', reason: 'P_AFTER' },
      ]);
      expect(await ask(governor, how)).toBe(1);
    },
  );

  test.each([true, false])('are counted once for each call, however many hooks ask; approval: %s', async (how) => {
    const counting = async (allow: number): Promise<Governor> =>
      governorWith([rule('tool_call', 'block')], {
        limits: [{ id: 'same', unit: 'repeats', on: ['tool_call'], allow, per: '1m', then: 'block' }],
      });
    expect([await ask(await counting(2), how), await ask(await counting(1), how)]).toEqual([2, 1]);
  });
});

describe.each(runs)('%s', (_how, run) => {
  test('T1, T4: a stopped call does not run, shows its arguments to nobody, and is answered with the denial', async () => {
    const execute = vi.fn(() => 'sent');
    const model = scriptedModel(
      [...text('1', 'I send it.'), ...toolCall('c1', 'send', bad)],
      text('2', 'I could not send it.'),
    );
    const seen = await run(await governorWith([rule('tool_call', 'block')]), model, { tools: mailer(execute) });
    expect(execute).not.toHaveBeenCalled();
    expect(seen.all).not.toContain(PAYLOADS.word);
    expect(seen.text).toContain('I could not send it.');
    expect(model.prompts[1]!.prompt.at(-1)).toMatchObject({
      role: 'tool',
      content: [
        {
          toolCallId: 'c1',
          output: {
            type: 'error-text',
            value: 'The call was not run: it was stopped by policy (P_TEST). The same call will be stopped again.',
          },
        },
      ],
    });
  });

  test('D6: an allowed call does not run when a halt comes while its approval is asked for', async () => {
    const execute = vi.fn(() => 'sent');
    const governor = await governorWith([rule('tool_call', 'block')]);
    const toolApproval = async (): Promise<'approved'> => {
      await governor.control.halt({ tool: 'send' }, { who: 'op', why: 'test' });
      return 'approved';
    };
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    const seen = await run(governor, model, { tools: mailer(execute), toolApproval });
    expect(execute).not.toHaveBeenCalled();
    expect(seen.all).toContain('The call was not run: the operator has halted it.');
  });

  test('T3: of a call that ran and whose result is stopped the model is not told that it did not', async () => {
    const execute = vi.fn(() => PAYLOADS.word);
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    const seen = await run(await governorWith([rule('tool_result', 'block')]), model, { tools: mailer(execute) });
    expect(execute).toHaveBeenCalledTimes(1);
    expect(seen.all).toContain('The call was made, but its result is withheld: it was stopped by policy (P_TEST).');
    expect(seen.all).not.toContain('not run');
  });

  test('T6: siblings of a stopped call run', async () => {
    const execute = vi.fn(() => 'sent');
    const model = scriptedModel([...toolCall('c1', 'send', bad), ...toolCall('c2', 'send', good)], text('2', 'Done.'));
    const seen = await run(await governorWith([rule('tool_call', 'block')]), model, { tools: mailer(execute) });
    expect(execute.mock.calls.map(([input]: unknown[]) => input)).toEqual([good]);
    expect(seen.text).toContain('Done.');
  });

  test('T4, T6: with `onBlock: stop` none of the message’s calls runs, and the run ends', async () => {
    for (const governor of [
      await governorWith([rule('tool_call', 'block')], { onBlock: 'stop' }),
      await governorWith([rule('tool_call', 'block')]),
    ]) {
      const execute = vi.fn(() => 'sent');
      const model = scriptedModel(
        [...toolCall('c2', 'send', good), ...toolCall('c1', 'send', bad)],
        text('2', 'Done.'),
      );
      const byOption =
        requireGovernor(governor, 'test').adapterSettings('test')!.onBlock === 'stop'
          ? {}
          : { onBlock: 'stop' as const };
      const seen = await run(governor, model, { tools: mailer(execute), ...byOption });
      expect(execute).not.toHaveBeenCalled();
      expect(model.prompts).toHaveLength(1);
      expect(seen.finishReason).toBe('content-filter');
    }
  });

  test('T4: with `onBlock: stop` a stopped result ends the run before the model is asked again', async () => {
    const governor = await governorWith([rule('tool_result', 'block')], { onBlock: 'stop' });
    const interaction = governor.interaction(subject);
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    const seen = await run(governor, model, { interaction, tools: mailer(() => PAYLOADS.word) });
    expect(model.prompts).toHaveLength(1);
    expect(seen.finishReason).toBe('content-filter');
    expect(seen.all).not.toContain(PAYLOADS.word);
    // The stop was for that run: the interaction is not spoilt.
    expect((await run(governor, scriptedModel(text('3', 'Again.')), { interaction })).text).toBe('Again.');
  });

  test('T2: what a refinement gave for a call that was stopped is not used for a later one', async () => {
    let refined = 0;
    const execute = vi.fn((_input: unknown) => 'sent');
    const model = scriptedModel(toolCall('c1', 'send', good), toolCall('c2', 'send', good), text('3', 'Done.'));
    await run(await governorWith([rule('tool_call', 'block')]), model, {
      tools: mailer(execute),
      experimental_refineToolInput: { send: () => (refined++ === 0 ? bad : { ...good, body: 'refined' }) },
    });
    expect(execute.mock.calls.map(([input]) => input)).toEqual([{ ...good, body: 'refined' }]);
  });

  test('T6: calls are decided on the labels as the message ended', async () => {
    const execute = vi.fn(() => 'sent');
    const model = scriptedModel(
      [...toolCall('c1', 'send', good), ...reasoning('r', `The word is ${PAYLOADS.word}.`)],
      text('2', 'Done.'),
    );
    const governor = await governorWith([
      { id: 'private', on: 'output', detect: 'word', label: 'private' },
      { id: 'outside', on: 'tool_call', when: 'label("private")', then: 'block', reason: 'P_OUTSIDE' },
    ]);
    await run(governor, model, { tools: mailer(execute) });
    expect(execute).not.toHaveBeenCalled();
  });

  test('an answer is decided on the labels that its prompt brought', async () => {
    const governor = await governorWith([
      { id: 'mark', on: 'input', detect: 'word', label: 'probing' },
      { id: 'silence', on: 'output', when: 'label("probing")', then: 'block', reason: 'P_SILENCE' },
    ]);
    const seen = await run(governor, scriptedModel(text('1', 'fine')), { prompt: PAYLOADS.word });
    expect(seen.text).toBe('');
    expect(seen.finishReason).toBe('content-filter');
  });

  test('T2: the decision sees arguments as the tool gets them, after its schema has changed them', async () => {
    const execute = vi.fn(() => 'sent');
    const decoding = jsonSchema<Mail>(
      { type: 'object' },
      { validate: (value) => ({ success: true, value: { ...(value as Mail), body: atob((value as Mail).body) } }) },
    );
    const model = scriptedModel(toolCall('c1', 'send', { to: 'eve', body: btoa(bad.body) }), text('2', 'Done.'));
    const tools = { send: tool({ inputSchema: decoding, execute }) };
    const seen = await run(await governorWith([rule('tool_call', 'block')]), model, { tools });
    expect(execute).not.toHaveBeenCalled();
    expect(seen.all).not.toContain(btoa(bad.body));
  });

  test('T2: conditions read the parsed arguments', async () => {
    const execute = vi.fn((_input: unknown) => 'sent');
    const governor = await governorWith([
      { id: 'no-eve', on: 'tool_call', tool: 'send', when: 'tool.args.to == "eve"', then: 'block', reason: 'P_EVE' },
    ]);
    const model = scriptedModel(
      [...toolCall('c1', 'send', { ...good, to: 'eve' }), ...toolCall('c2', 'send', good)],
      text('2', 'Done.'),
    );
    await run(governor, model, { tools: mailer(execute) });
    expect(execute.mock.calls.map(([input]) => input)).toEqual([good]);
  });

  test('T3: a stopped result reaches neither the model nor the reader', async () => {
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    const seen = await run(await governorWith([rule('tool_result', 'block')]), model, {
      tools: mailer(() => ({ note: [PAYLOADS.word] })),
    });
    expect(seen.all).not.toContain(PAYLOADS.word);
    expect(JSON.stringify(model.prompts[1]!.prompt)).toContain('stopped by policy (P_TEST)');
    expect(seen.text).toContain('Done.');
  });

  test('T3: a result is redacted where it stands, and keeps its shape', async () => {
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    await run(await governorWith([rule('tool_result', 'redact')]), model, {
      tools: mailer(() => ({ from: [`<${PAYLOADS.email}>`], size: 7 })),
    });
    expect(model.prompts[1]!.prompt.at(-1)).toMatchObject({
      content: [{ output: { type: 'json', value: { from: ['<[EMAIL]>'], size: 7 } } }],
    });
  });

  test('T3: a result that is redacted keeps its dates and its bytes', async () => {
    const [at, bytes] = [new Date(0), new Uint8Array([1, 2])];
    const given: unknown[] = [];
    const tools = {
      send: tool({
        inputSchema: schema,
        execute: () => ({ from: PAYLOADS.email, at, bytes }),
        toModelOutput: ({ output }) => (given.push(output), { type: 'text', value: 'kept' }),
      }),
    };
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    const seen = await run(await governorWith([rule('tool_result', 'redact')]), model, { tools });
    const [shown] = seen.parts.filter(({ type }) => type === 'tool-result') as unknown as {
      readonly output: unknown;
    }[];
    for (const result of [given[0], shown!.output]) expect(result).toEqual({ from: '[EMAIL]', at, bytes });
  });

  test('an application without tools', async () => {
    const without: object = { tools: undefined };
    const seen = await run(await governorWith([rule('tool_call', 'block')]), scriptedModel(text('1', 'fine')), without);
    expect(seen.text).toBe('fine');
  });

  test('what `prepareStep` answers reaches the model, another model or not', async () => {
    const governor = await governorWith([rule(['input', 'tool_call'], 'block')]);
    for (const other of [undefined, scriptedModel(text('1', 'fine'))]) {
      const first = scriptedModel(text('1', 'fine'));
      const contexts: unknown[] = [];
      await run(governor, first, {
        tools: { ...mailer(() => 'sent'), ...{ find: tool({ inputSchema: schema, execute: () => 'found' }) } },
        prepareStep: () => ({
          ...(other !== undefined && { model: other }),
          activeTools: ['send'],
          toolChoice: 'none',
          runtimeContext: { trace: 'x' },
        }),
        call: {
          onStepEnd: ({ runtimeContext }: { readonly runtimeContext: unknown }) => contexts.push(runtimeContext),
        },
      });
      const [asked] = (other ?? first).prompts;
      expect([asked!.tools?.map(({ name }) => name) ?? [], asked!.toolChoice?.type ?? 'none', contexts]).toEqual([
        ['send'],
        'none',
        [{ trace: 'x' }],
      ]);
    }
  });

  test('T2: a refinement runs once for each call, and what it gave is what is decided on and used', async () => {
    let refined = 0;
    const execute = vi.fn((_input: unknown) => 'sent');
    const model = scriptedModel([...toolCall('c1', 'send', good), ...toolCall('c2', 'send', good)], text('2', 'Done.'));
    const governor = await governorWith([rule('tool_call', 'block')]);
    const interaction = governor.interaction(subject);
    await run(governor, model, {
      interaction,
      tools: mailer(execute),
      experimental_refineToolInput: { send: (input: Mail) => ({ ...input, body: `${input.body} ${++refined}` }) },
    });
    expect(refined).toBe(2);
    expect(execute.mock.calls.map(([input]) => input)).toEqual([
      { ...good, body: 'lunch? 1' },
      { ...good, body: 'lunch? 2' },
    ]);
    expect(interaction.decisions.filter(({ outcome }) => outcome === 'ALLOW')).toHaveLength(2);
  });

  test('T1: no callback of the tool sees arguments that were withheld', async () => {
    const onInputAvailable = vi.fn();
    const tools = { send: tool({ inputSchema: schema, execute: () => 'sent', onInputAvailable }) };
    const model = scriptedModel([...toolCall('c1', 'send', bad), ...toolCall('c2', 'send', good)], text('2', 'Done.'));
    await run(await governorWith([rule('tool_call', 'block')]), model, { tools });
    for (const [options] of onInputAvailable.mock.calls) expect(options).toMatchObject({ input: good });
  });

  test('T1: a call whose approval was replaced beside the spread is denied where it would run', async () => {
    const execute = vi.fn(() => 'sent');
    const model = scriptedModel(toolCall('c1', 'send', bad), text('2', 'Done.'));
    const seen = await run(await governorWith([rule('tool_call', 'block')]), model, {
      tools: mailer(execute),
      call: { toolApproval: () => 'approved' },
    });
    expect(execute).not.toHaveBeenCalled();
    expect(seen.all).not.toContain(PAYLOADS.word);
    expect(JSON.stringify(model.prompts[1]!.prompt)).toContain('stopped by policy (P_TEST)');
  });

  test('T6: what was allowed in one message is decided anew in the next, on the labels of then', async () => {
    const execute = vi.fn((_input: unknown) => 'sent');
    const model = scriptedModel(
      toolCall('c1', 'send', good),
      toolCall('c2', 'send', { ...good, body: 'other' }),
      text('3', 'Done.'),
    );
    const governor = await governorWith([
      { id: 'mark', on: 'tool_result', label: 'untrusted' },
      {
        id: 'after',
        on: 'tool_call',
        when: 'label("untrusted") && tool.args.body == "lunch?"',
        then: 'block',
        reason: 'P_AFTER',
      },
    ]);
    // Refined beside the spread: the second call becomes the first one again, after it was judged.
    await run(governor, model, {
      tools: mailer(execute),
      call: { experimental_refineToolInput: { send: () => good } },
    });
    expect(execute).toHaveBeenCalledTimes(1);
  });

  test('results of any kind are judged as text', async () => {
    const result = (): unknown => ({ big: 10n, map: new Map([['k', PAYLOADS.word]]), bytes: new Uint8Array(3) });
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    const tools = {
      send: tool({ inputSchema: schema, execute: result, toModelOutput: () => ({ type: 'text', value: 'kept' }) }),
    };
    await run(await governorWith([rule('tool_result', 'block')]), model, { tools });
    expect(JSON.stringify(model.prompts[1]!.prompt)).toContain('stopped by policy');
  });

  test('T3: what a tool fails with is judged, and is its own error where it may be said', async () => {
    const governor = await governorWith([rule('tool_result', 'block')]);
    const redacting = await governorWith([rule('tool_result', 'redact')]);
    for (const [by, message, shown] of [
      [governor, `no such user ${PAYLOADS.word}`, 'stopped by policy'],
      [governor, 'no such user', 'no such user'],
      [redacting, `no such user ${PAYLOADS.email}`, 'no such user [EMAIL]'],
    ] as const) {
      const failing = (): never => {
        throw new Error(message);
      };
      for (const execute of [failing, () => Promise.reject(new Error(message)), () => yieldsThen(failing)]) {
        const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
        const seen = await run(by, model, { tools: mailer(execute) });
        expect(JSON.stringify(model.prompts[1]!.prompt.at(-1))).toContain(shown);
        expect(seen.all).not.toContain(PAYLOADS.word);
        expect(seen.all).not.toContain(PAYLOADS.email);
      }
    }
  });

  test('what cannot be read is stopped while enforcing, and passes while not', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const [mode, shown] of [
      ['enforce', 'stopped by policy (FAILED_CLOSED)'],
      ['shadow', 'kept'],
      ['off', 'kept'],
    ] as const) {
      const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
      const tools = {
        send: tool({
          inputSchema: schema,
          execute: (): unknown => cyclic,
          toModelOutput: () => ({ type: 'text', value: 'kept' }),
        }),
      };
      const governor = await governorWith([rule('tool_result', 'block')], { mode });
      const result = await generateText({
        ...govern(governor, { subject, model, tools }),
        prompt: 'hello',
        stopWhen: isStepCount(3),
      });
      expect(result.text).toBe('Done.');
      expect(JSON.stringify(model.prompts[1]!.prompt.at(-1))).toContain(shown);
    }
  });

  test('a refinement that fails is the SDK’s to report', async () => {
    const execute = vi.fn(() => 'sent');
    const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
    const seen = await run(await governorWith([rule('tool_call', 'block')]), model, {
      tools: mailer(execute),
      experimental_refineToolInput: {
        send: () => {
          throw new Error('cannot refine');
        },
      },
    });
    expect(execute).not.toHaveBeenCalled();
    expect(seen.text).toContain('Done.');
    expect(JSON.stringify(model.prompts[1]!.prompt.at(-1))).toContain('cannot refine');
  });

  test('E2: arguments are rewritten where the rule says so, for the tool and for everyone who sees the call', async () => {
    const execute = vi.fn((_input: unknown) => 'sent');
    const model = scriptedModel(
      toolCall('c1', 'send', { ...good, body: `mail ${PAYLOADS.email}` }),
      text('2', 'Done.'),
    );
    const seen = await run(await governorWith([rule('tool_call', 'redact', { editArgs: true })]), model, {
      tools: mailer(execute),
    });
    expect(execute.mock.calls[0]![0]).toEqual({ ...good, body: 'mail [EMAIL]' });
    expect(seen.all).not.toContain(PAYLOADS.email);
  });

  test('T5: a tool of the provider’s making that runs here is governed, not refused', async () => {
    const execute = vi.fn(() => 'done');
    const computer = {
      type: 'provider',
      id: 'acme.computer',
      name: 'computer',
      args: {},
      inputSchema: schema,
      isProviderExecuted: false,
      execute,
    };
    const model = scriptedModel(
      [...toolCall('c1', 'computer', bad), ...toolCall('c2', 'computer', good)],
      text('2', 'Done.'),
    );
    await run(await governorWith([rule('tool_call', 'block')]), model, { tools: { computer } as unknown as ToolSet });
    expect(execute).toHaveBeenCalledTimes(1);
  });

  test('T5: a request with tools that the provider runs is refused, unless the policy allows it', async () => {
    const search = {
      type: 'provider' as const,
      id: 'acme.search' as const,
      args: {},
      inputSchema: schema,
      isProviderExecuted: true as const,
      outputSchema: schema,
    };
    for (const providerTools of ['refuse', 'allow'] as const) {
      const governor = await governorWith([rule('tool_call', 'block')], { providerTools });
      const model = scriptedModel(text('1', 'Done.'));
      const seen = await run(governor, model, { tools: { search } as unknown as ToolSet });
      expect(model.prompts).toHaveLength(providerTools === 'allow' ? 1 : 0);
      expect(seen.finishReason).toBe(providerTools === 'allow' ? 'stop' : 'content-filter');
    }
  });
});

describe('approval', () => {
  const asks = (): ToolSet => ({
    send: tool({ inputSchema: schema, execute: vi.fn(() => 'sent'), needsApproval: true }),
  });

  test('falls through to the tool’s own `needsApproval`', async () => {
    const tools = asks();
    const seen = await stream(
      await governorWith([rule('tool_call', 'block')]),
      scriptedModel(toolCall('c1', 'send', good)),
      { tools },
    );
    expect(seen.parts.map(({ type }) => type)).toContain('tool-approval-request');
    expect(tools['send']!.execute).not.toHaveBeenCalled();
  });

  test('falls through to the application’s `toolApproval`, function or by tool', async () => {
    for (const toolApproval of [() => 'user-approval' as const, { send: 'user-approval' as const }]) {
      const execute = vi.fn(() => 'sent');
      const seen = await stream(
        await governorWith([rule('tool_call', 'block')]),
        scriptedModel(toolCall('c1', 'send', good)),
        {
          tools: mailer(execute),
          toolApproval: toolApproval as never,
        },
      );
      expect(seen.parts.map(({ type }) => type)).toContain('tool-approval-request');
      expect(execute).not.toHaveBeenCalled();
    }
  });

  test('T1: a stopped call is denied before a human is asked', async () => {
    const seen = await stream(
      await governorWith([rule('tool_call', 'block')]),
      scriptedModel(toolCall('c1', 'send', bad), text('2', 'No.')),
      {
        tools: asks(),
      },
    );
    expect(seen.text).toBe('No.');
    expect(seen.all).not.toContain(PAYLOADS.word);
  });

  test('T1: a call approved in a later request is decided on again before it runs', async () => {
    const execute = vi.fn(() => 'sent');
    const model = scriptedModel(text('2', 'No.'));
    const result = await generateText({
      ...govern(await governorWith([rule('tool_call', 'block')]), { subject, model, tools: mailer(execute) }),
      messages: [
        { role: 'user', content: 'send it' },
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', toolCallId: 'c1', toolName: 'send', input: bad },
            { type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c1' },
          ],
        },
        { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'a1', approved: true }] },
      ],
    });
    expect(execute).not.toHaveBeenCalled();
    expect(result.text).toBe('No.');
  });
});

describe('the parts on their own', () => {
  test('T1: a governed model over ungoverned tools ends the run instead: nobody could turn the denial into a result', async () => {
    const execute = vi.fn(() => 'sent');
    const model = scriptedModel(toolCall('c1', 'send', bad), text('2', 'Done.'));
    const governor = await governorWith([rule('tool_call', 'block')]);
    const result = await generateText({
      model: governModel({ model, governor, subject }),
      tools: mailer(execute),
      prompt: 'hello',
      stopWhen: isStepCount(3),
    });
    expect(execute).not.toHaveBeenCalled();
    expect(result.finishReason).toBe('content-filter');
    expect(model.prompts).toHaveLength(1);
  });

  test('T1, T3: governed tools under an ungoverned model decide on arguments and results', async () => {
    const execute = vi.fn(() => PAYLOADS.word);
    const governor = await governorWith([rule(['tool_call', 'tool_result'], 'block')]);
    const model = scriptedModel([...toolCall('c1', 'send', bad), ...toolCall('c2', 'send', good)], text('2', 'Done.'));
    await generateText({
      model,
      tools: governTools(mailer(execute), { governor, subject }),
      prompt: 'hello',
      stopWhen: isStepCount(3),
    });
    expect(execute).toHaveBeenCalledTimes(1);
    const results = JSON.stringify(model.prompts[1]!.prompt.at(-1));
    expect(results).not.toContain(PAYLOADS.word);
    expect(results.match(/stopped by policy/g)).toHaveLength(2);
  });

  test('T3: a tool that turns out to yield shows its last result only, judged', async () => {
    const governor = await governorWith([rule('tool_result', 'block')]);
    for (const [results, shown] of [
      [['working', 'done'], 'done'],
      [['working', PAYLOADS.word], 'stopped by policy'],
      [[PAYLOADS.word, 'done'], 'stopped by policy'],
    ] as const) {
      const execute = (): AsyncIterable<string> =>
        (async function* () {
          yield* results;
        })();
      const model = scriptedModel(toolCall('c1', 'send', good), text('2', 'Done.'));
      await generateText({
        model,
        tools: governTools(mailer(execute), { governor, subject }),
        prompt: 'hello',
        stopWhen: isStepCount(3),
      });
      const result = JSON.stringify(model.prompts[1]!.prompt.at(-1));
      expect(result).toContain(shown);
      expect(result).not.toContain(PAYLOADS.word);
    }
  });

  test('a denial is a branded error that says no more than it may', async () => {
    const governor = await governorWith([rule('tool_call', 'block')]);
    const tools = governTools(
      mailer(() => 'sent'),
      { governor, subject },
    );
    const error: unknown = await Promise.resolve(tools['send']!.execute!(bad as never, {} as never)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(GovernanceBlockedError.isInstance(error)).toBe(true);
    expect(GovernanceBlockedError.find(new Error('wrapped', { cause: error }))).toBe(error);
    expect(error).toMatchObject({
      code: 'FLYBALL_BLOCKED',
      status: 403,
      denial: { outcome: 'BLOCK', reason: 'P_TEST' },
    });
    expect(JSON.stringify(error)).not.toContain('tool-call-block');
  });

  test('works in an agent', async () => {
    const execute = vi.fn(() => 'sent');
    const governor = await governorWith([rule('tool_call', 'block')]);
    const model = scriptedModel([...toolCall('c1', 'send', bad), ...toolCall('c2', 'send', good)], text('2', 'Done.'));
    const agent = new ToolLoopAgent({
      ...govern(governor, { subject, model, tools: mailer(execute) }),
      stopWhen: isStepCount(3),
    });
    const { text: answer } = await agent.generate({ prompt: 'hello' });
    expect(answer).toBe('Done.');
    expect(execute).toHaveBeenCalledTimes(1);
  });
});
