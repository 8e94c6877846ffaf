import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { toolRunOf } from '@flyball/agent-kit';
import type { GovernedEvent, Sink } from '@flyball/core';
import { describe, expect, test } from 'vitest';
import { admitPrompt, type Admission } from '../src/model/prompt.ts';
import { PAYLOADS, rule } from './harness.ts';
import { openModelCall, type CallRun } from './parts-run.ts';

// What is decided on a prompt before its model is asked.

const { word, email } = PAYLOADS;
const saying = (text: string): LanguageModelV4Prompt => [{ role: 'user', content: [{ type: 'text', text }] }];
type Offered = NonNullable<LanguageModelV4CallOptions['tools']>[number];
const WEB: Offered = {
  ...{ type: 'provider', id: 'acme.web', name: 'web', args: {} },
};
const SEND: Offered = { type: 'function', name: 'send', inputSchema: { type: 'object' } };

interface Admitted extends CallRun {
  readonly admission: Admission;
  /** The events that were decided on. */
  readonly events: readonly GovernedEvent[];
}

async function admit(
  setting: Parameters<typeof openModelCall>[0],
  before: (run: CallRun) => void = () => undefined,
): Promise<Admitted> {
  const run = await openModelCall(setting);
  const events: GovernedEvent[] = [];
  run.governor.events.subscribe((event) => {
    if (event.kind === 'decision') events.push(event.event);
  });
  before(run);
  return { ...run, events, admission: await admitPrompt(run.call, run.params) };
}

const reasonOf = ({ admission }: Admitted): string =>
  admission.kind === 'refused' ? admission.decision.reason : admission.kind;

describe('a prompt', () => {
  test.each([true, false])(
    'in which nothing is found goes on as it is, on record once (with a file: %s)',
    async (file) => {
      const data = { type: 'data', data: 'iVBORw0KGgo=' } as const;
      const content = [{ type: 'text' as const, text: 'hello' }];
      const prompt: LanguageModelV4Prompt = [
        { role: 'user', content: file ? [...content, { type: 'file', mediaType: 'image/png', data }] : content },
      ];
      const run = await admit({ rules: [rule('input', 'block')], params: { prompt } });
      expect([run.admission, run.decided]).toEqual([{ kind: 'admitted', params: run.params }, ['input ALLOW']]);
      expect(run.admission.kind === 'admitted' && run.admission.params === run.params).toBe(true);
    },
  );

  test('E1: is refused where a rule stops it', async () => {
    const run = await admit({ rules: [rule('input', 'block')], params: { prompt: saying(`say ${word}`) } });
    expect([reasonOf(run), run.decided]).toEqual(['P_TEST', ['input BLOCK']]);
  });

  test('E2: goes on masked, and everything else of the call as it is', async () => {
    const params = { prompt: saying(`mail ${email}`), temperature: 0.5, tools: [SEND] };
    const { admission } = await admit({ rules: [rule('input', 'redact', { mask: '*' })], params });
    expect(admission).toEqual({ kind: 'admitted', params: { ...params, prompt: saying('mail *') } });
  });

  test('that no rule reads is not looked at, and goes on as it is', async () => {
    const unread: LanguageModelV4Prompt = [
      {
        role: 'user',
        get content(): never {
          throw new Error('nobody should read it');
        },
      },
    ];
    const run = await admit({ rules: [rule('output', 'block')], params: { prompt: unread } });
    expect([reasonOf(run), run.events.map(({ content }) => content)]).toEqual(['admitted', [[]]]);
  });

  test('E1: is refused where its record is, also where nothing was found in it', async () => {
    const audit: Sink = {
      name: 'full',
      accept: () => {
        throw new Error('disk full');
      },
    };
    const run = await admit({ rules: [rule('input', 'block')], audit });
    expect(reasonOf(run)).toBe('AUDIT_UNAVAILABLE');
  });

  test('E1: that cannot be read could not be evaluated', async () => {
    const input: Record<string, unknown> = {};
    input['self'] = input;
    const call = { type: 'tool-call', toolCallId: 'c', toolName: 'send', input } as const;
    const prompt: LanguageModelV4Prompt = [{ role: 'assistant', content: [call] }, ...saying('go on')];
    expect(reasonOf(await admit({ rules: [rule('input', 'block')], params: { prompt } }))).toBe('FAILED_CLOSED');
  });

  test('with media is refused where the policy says so', async () => {
    const data = { type: 'data', data: 'iVBORw0KGgo=' } as const;
    const prompt: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data }] }];
    const refused = await admit({ rules: [rule('input', 'block')], policy: { media: 'block' }, params: { prompt } });
    expect(reasonOf(refused)).toBe('MEDIA_NOT_READ');
    const admitted = await admit({ rules: [rule('input', 'block')], params: { prompt } });
    const [decision] = admitted.call.interaction.decisions;
    expect([reasonOf(admitted), decision!.coverage.media]).toEqual(['admitted', 1]);
  });

  test('T4: behind a stop that came too late for its message is refused with that stop, once', async () => {
    const run = await openModelCall({ rules: [rule(['input', 'tool_call'], 'block')] });
    const event = run.call.event({ stage: 'tool_call', resource: { tool: 'send' }, content: [{ text: word }] });
    const decision = await run.governor.decide(event);
    const before = run.decided.length;
    toolRunOf(run.call.interaction).stopped = decision;
    expect(await admitPrompt(run.call, run.params)).toEqual({ kind: 'refused', decision });
    expect(run.decided).toHaveLength(before);
    expect((await admitPrompt(run.call, run.params)).kind).toBe('admitted');
  });
});

describe('T5: tools that the provider runs', () => {
  const CALLS = [rule(['input', 'tool_call'], 'block')];
  const offering = { tools: [SEND, WEB] };

  test.each<readonly [what: string, setting: Parameters<typeof admit>[0], reason: string]>([
    ['are refused where rules read calls', { rules: CALLS }, 'PROVIDER_TOOLS'],
    ['are refused where rules read results', { rules: [rule(['input', 'tool_result'], 'block')] }, 'PROVIDER_TOOLS'],
    ['are admitted where rules read neither', { rules: [rule(['input', 'output'], 'block')] }, 'admitted'],
    ['are admitted where the policy allows them', { rules: CALLS, policy: { providerTools: 'allow' } }, 'admitted'],
    ['are admitted in shadow', { rules: CALLS, policy: { mode: 'shadow' } }, 'admitted'],
    [
      'of no policy at all are stopped as such',
      { rules: CALLS, options: { policy: () => 'nobody' } },
      'POLICY_UNKNOWN',
    ],
  ])('%s', async (_what, setting, reason) => {
    expect(reasonOf(await admit({ ...setting, params: offering }))).toBe(reason);
  });

  test('are refused before anything else is looked for', async () => {
    const run = await admit({ rules: CALLS, params: { ...offering, prompt: saying(word) } });
    expect([reasonOf(run), run.decided]).toEqual(['PROVIDER_TOOLS', ['input PROVIDER_TOOLS']]);
  });

  test('in shadow do not keep the prompt from being judged', async () => {
    const params = { ...offering, prompt: saying(word) };
    const run = await admit({ rules: CALLS, policy: { mode: 'shadow' }, params });
    expect(run.decided).toEqual(['input SHADOWED', 'input NO_OP']);
  });

  test('that this process runs are governed like any other', async () => {
    const given = await admit({ rules: CALLS, params: offering }, ({ call }) =>
      toolRunOf(call.interaction).tools.set('web', async (input) => input),
    );
    expect(reasonOf(given)).toBe('admitted');
    expect(reasonOf(await admit({ rules: CALLS, params: { tools: [SEND] } }))).toBe('admitted');
    expect(reasonOf(await admit({ rules: CALLS, params: { tools: [] } }))).toBe('admitted');
  });
});
