import { createGovernor, type Detector, type Governor, type PolicyDocument, type Sink } from '@flyball/core';
import { generateText, isStepCount, streamText, toUIMessageStream, type ToolSet } from 'ai';
import { onTestFinished } from 'vitest';
import { govern, type GovernedTools, type GovernToolsOptions } from '../src/index.ts';
import { collect, type ScriptedModel } from './models.ts';

export const subject = { tenant: 'acme', user: 'ada' };

/** Texts that policies here look for, each written in a way of its own. */
export const PAYLOADS: Readonly<Record<'word' | 'email' | 'card' | 'id' | 'key' | 'pairs' | 'long', string>> = {
  word: 'TOPSECRET',
  email: 'ada@example.com',
  card: '4111 1111 1111 1111',
  id: '078-05-1120',
  key: 'sk-live-9f8e7d6c5b4a39281706',
  pairs: '🔒vault🔑',
  long: `BEGIN${'x'.repeat(180)}END`,
};

const DETECTORS: NonNullable<PolicyDocument['detectors']> = [
  { id: 'word', patterns: ['TOPSECRET'] },
  { id: 'email', patterns: ['[a-z]+@[a-z]+\\.com'] },
  { id: 'card', patterns: ['\\d{4}( \\d{4}){3}'] },
  { id: 'id', patterns: ['\\d{3}-\\d{2}-\\d{4}'] },
  { id: 'key', patterns: ['sk-live-[0-9a-f]{20}'] },
  { id: 'pairs', patterns: [{ pattern: '🔒vault🔑', flags: 'u' }] },
  { id: 'long', patterns: ['BEGINx{180}END'] },
];
const DETECT = Object.keys(PAYLOADS);

type Rule = NonNullable<PolicyDocument['rules']>[number];

/** A rule at a stage for any of the payloads. */
export function rule(on: Rule['on'], then: Rule['then'], more: Partial<Rule> = {}): Rule {
  const id = `${String(on).replaceAll(',', '-').replaceAll('_', '-')}-${then}`;
  return {
    id,
    on,
    detect: DETECT,
    ...(then !== undefined && { then }),
    ...(then !== 'allow' && { reason: 'P_TEST' }),
    ...more,
  };
}

/** A real governor with these rules. */
export function openGovernor(
  rules: readonly Rule[],
  more: Partial<PolicyDocument> = {},
  own: readonly Detector[] = [],
  audit?: Sink,
): Promise<Governor> {
  return createGovernor({
    policy: { policy: 'test', version: 1, detectors: DETECTORS, rules, ...more },
    detectors: own,
    ...(audit !== undefined && { audit }),
  });
}

/** The same, closed when the test ends. */
export async function governorWith(...policy: Parameters<typeof openGovernor>): Promise<Governor> {
  const governor = await openGovernor(...policy);
  onTestFinished(() => governor.close());
  return governor;
}

export interface Seen {
  /** Every part of the server's stream. */
  readonly parts: readonly { readonly type: string }[];
  /** Every chunk the browser gets. */
  readonly ui: readonly { readonly type: string }[];
  /** Everything anyone but the model saw, and everything the model was asked later, as text. */
  readonly all: string;
  /** Text of the answers as a reader sees it, refusals left out. */
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly finishReason: string;
  readonly errors: readonly unknown[];
}

/** What `govern` takes beside the model, and what the call takes beside that. */
export interface Call extends Partial<GovernToolsOptions<ToolSet>> {
  readonly prompt?: string;
  readonly call?: object;
}

/** Cases give whatever options they are about: what `govern` allows is checked in `types.test-d.ts`. */
function governed(
  governor: Governor,
  model: ScriptedModel,
  options: Omit<Call, 'prompt' | 'call'>,
): GovernedTools<ToolSet> {
  const who = 'interaction' in options ? {} : { subject };
  return govern(governor, { model, tools: {}, ...who, ...options });
}

/** Runs the model behind `govern` in `streamText` and says who saw what. */
export async function stream(governor: Governor, model: ScriptedModel, options: Call = {}): Promise<Seen> {
  const { prompt = 'hello', call, ...rest } = options;
  const errors: unknown[] = [];
  const result = streamText({
    ...governed(governor, model, rest),
    prompt,
    stopWhen: isStepCount(5),
    onError: ({ error }) => void errors.push(error),
    ...call,
  });
  const [forServer, forBrowser] = result.stream.tee();
  const [parts, ui] = await Promise.all([
    collect(forServer as unknown as AsyncIterable<{ readonly type: string }>),
    collect(
      toUIMessageStream({ stream: forBrowser }) as unknown as AsyncIterable<{
        readonly type: string;
      }>,
    ),
  ]);
  return { ...read(parts), parts, ui, errors, all: shown(parts, ui, model) };
}

/** The same in `generateText`. */
export async function generate(governor: Governor, model: ScriptedModel, options: Call = {}): Promise<Seen> {
  const { prompt = 'hello', call, ...rest } = options;
  const result = await generateText({
    ...governed(governor, model, rest),
    prompt,
    stopWhen: isStepCount(5),
    ...call,
  });
  const refused = result.finishReason === 'content-filter';
  const content = result.steps.flatMap((step) => step.content);
  return {
    parts: content,
    ui: [],
    errors: [],
    all: shown(
      content,
      result.steps.map(({ response }) => response),
      model,
    ),
    text: result.steps
      .flatMap((step, index) => (refused && index === result.steps.length - 1 ? [] : [step.text]))
      .join(''),
    reasoning: result.steps.map((step) => step.reasoningText ?? '').join(''),
    refusal: refused ? result.text : '',
    finishReason: result.finishReason,
  };
}

function read(
  parts: readonly { readonly type: string }[],
): Pick<Seen, 'text' | 'reasoning' | 'refusal' | 'finishReason'> {
  const seen = { text: '', reasoning: '', refusal: '', finishReason: '' };
  for (const part of parts as readonly { type: string; id?: string; text?: string; finishReason?: string }[]) {
    if (part.type === 'text-delta') seen[part.id!.startsWith('flyball-') ? 'refusal' : 'text'] += part.text!;
    else if (part.type === 'reasoning-delta') seen.reasoning += part.text!;
    else if (part.type === 'finish') seen.finishReason = part.finishReason!;
  }
  return seen;
}

/** Deltas are joined, by block and by kind, so that what was cut apart is found; errors show what they say. */
function shown(parts: readonly object[], chunks: readonly object[], model: ScriptedModel): string {
  const joined = new Map<string, string>();
  for (const part of [...parts, ...chunks] as readonly {
    type?: string;
    id?: string;
    text?: string;
    delta?: string;
    inputTextDelta?: string;
  }[]) {
    const delta = part.text ?? part.delta ?? part.inputTextDelta;
    if (delta === undefined) continue;
    for (const key of [`${part.type}`, `${part.type}:${part.id}`]) joined.set(key, (joined.get(key) ?? '') + delta);
  }
  const later = model.prompts.slice(1).map(({ prompt }) => prompt);
  const plain = (_key: string, value: unknown): unknown => {
    if (value instanceof Error) return { ...(value as object), name: value.name, message: value.message };
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  };
  const text = JSON.stringify([parts, chunks, later, [...joined.values()]], plain);
  return `${text}\n${text.replaceAll('\\"', '"')}\n${[...joined.values()].join('\n')}`;
}
