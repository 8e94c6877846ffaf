import { AsyncLocalStorage } from 'node:async_hooks';
import type { Governor, Json, Subject } from '@flyball/core';
import type { AdapterHarness, Answer, AppSetup, Ask, ToldDenial } from '@flyball/testing';
import { AIMessage, AIMessageChunk, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { createAgent, providerStrategy } from 'langchain';
import { governanceMiddleware, GovernanceBlockedError, type DecisionSummary, type RunConfig } from '../src/index.ts';
import { elsewhere, ScriptedModel, type Backstage, type Script } from './scripted-model.ts';

// LangChain tells callbacks in the background unless this says otherwise, stream mode `messages` included: of many
// models that answer at once nothing would be told before their runs are over, governed or not.
process.env['LANGCHAIN_CALLBACKS_BACKGROUND'] = 'false';

/**
 * A real agent of LangChain with a model that speaks the suite's scripts; its reader reads the stream of messages,
 * updates and tools.
 */
export const harness: AdapterHarness = {
  open: (governor, setup) => {
    const app: App = { governor, ...setup, ...(setup.madeOnce === true && { agent: sharedAgent(governor) }) };
    // A request comes from outside, as through a server: asked from within a tool it would be a part of that tool's
    // run.
    return {
      ask: (request) =>
        elsewhere(() => {
          const stage = stageOf();
          const ask = request.stream ? streamed : whole;
          return scripts.run({ turns: request.turns, backstage: stage }, () => ask(app, request, stage));
        }),
      close: () => {},
    };
  },
};

/** The application: a governor, and its own words for a refusal where it has some. */
interface App extends AppSetup {
  readonly governor: Governor;
  /** Serves all requests. */
  readonly agent?: Agent;
}

type Agent = ReturnType<typeof sharedAgent>;

/** What a model of one agent for all cannot know: which script it is asked for. */
const scripts = new AsyncLocalStorage<Script>();

/** As a module has it: made before anybody asks. */
function sharedAgent(governor: Governor) {
  const subject = ({ configurable }: RunConfig): Subject | undefined =>
    configurable?.['subject'] as Subject | undefined;
  return createAgent({
    model: new ScriptedModel(() => scripts.getStore()!),
    middleware: governanceMiddleware({ governor, subject }) as never,
  });
}

const MAX_STEPS = 100;

interface Stage extends Backstage {
  readonly ran: { readonly tool: string; readonly args: Json }[];
}

function agentFor({ governor, wording, agent }: App, request: Ask, stage: Stage): Agent {
  if (agent !== undefined) return agent;
  const subject = (): Subject | undefined => request.subject;
  return createAgent({
    model: new ScriptedModel(request.turns, stage),
    tools: toolsFor(request, stage),
    middleware: governanceMiddleware({
      governor,
      subject,
      ...(wording !== undefined && { refusal: wording }),
    }) as never,
    ...(request.json === true && { responseFormat: providerStrategy(ANYTHING) }),
  }) as never;
}

/** A schema that every object fits. */
const ANYTHING = { type: 'object', title: 'answer', properties: {}, additionalProperties: true } as const;

function toolsFor({ tools = {} }: Ask, { ran }: Stage) {
  return Object.entries(tools).map(([name, run]) =>
    tool(
      async (args: unknown) => {
        ran.push({ tool: name, args: args as Json });
        return (await run(args as Json)) as never;
      },
      { name, description: name, schema: { type: 'object' } },
    ),
  );
}

const stageOf = (): Stage => ({ asked: [], ran: [], aborted: false });

function behind({ asked, ran, aborted }: Stage): Pick<Answer, 'asked' | 'ran' | 'cancelled'> {
  return { asked, ran, cancelled: aborted };
}

const config = ({ leave, subject }: Ask, more: object = {}): never =>
  ({
    recursionLimit: MAX_STEPS,
    configurable: { subject },
    ...(leave !== undefined && { signal: leave }),
    ...more,
  }) as never;

const prompt = ({ earlier = [], prompt }: Ask): never => {
  const said = earlier.map(({ role, text }) => (role === 'user' ? new HumanMessage(text) : new AIMessage(text)));
  return { messages: [...said, new HumanMessage(prompt)] } as never;
};

async function streamed(app: App, request: Ask, stage: Stage): Promise<Answer> {
  const chunks: unknown[] = [];
  const seen = { text: '', reasoning: '', refusal: '' };
  let summary: DecisionSummary | undefined;
  const joined = new Map<string, string>();
  let ending: Answer['ending'] = 'complete';
  const take = (message: BaseMessage): void => {
    if (!AIMessageChunk.isInstance(message) && !AIMessage.isInstance(message)) return;
    const told = summaryOf(message);
    const { text, reasoning } = textsOf(message);
    for (const { index, id, args } of (message as AIMessageChunk).tool_call_chunks ?? []) {
      const key = `${message.id} ${index ?? id}`;
      joined.set(key, (joined.get(key) ?? '') + (args ?? ''));
    }
    if (told !== undefined) {
      summary ??= told;
      seen.refusal += text;
      ending = 'stopped';
      return;
    }
    seen.text += text;
    seen.reasoning += reasoning;
    if (text !== '') request.onText?.(text);
  };
  try {
    const modes = config(request, { streamMode: ['messages', 'updates', 'tools'] });
    const stream: unknown = await agentFor(app, request, stage).stream(prompt(request), modes);
    for await (const [mode, value] of stream as AsyncIterable<[string, unknown]>) {
      chunks.push(value);
      // A message that was made whole, such as a refusal before the model was asked, comes as an update.
      if (mode === 'messages') take((value as [BaseMessage])[0]);
    }
  } catch (error) {
    chunks.push(errorsToo(error));
    const blocked = GovernanceBlockedError.find(error);
    summary ??= blocked?.denial;
    ending = blocked === undefined ? 'failed' : 'stopped';
  }
  return {
    text: seen.text,
    reasoning: seen.reasoning,
    received: [JSON.stringify(chunks, plain), ...joined.values(), seen.text, seen.reasoning].join('\n'),
    ending,
    ...behind(stage),
    ...(ending === 'stopped' && summary !== undefined && { denial: told(summary, seen.refusal) }),
  };
}

async function whole(app: App, request: Ask, stage: Stage): Promise<Answer> {
  try {
    const { messages } = (await agentFor(app, request, stage).invoke(prompt(request), config(request))) as {
      readonly messages: readonly BaseMessage[];
    };
    const said = messages.slice(1 + (request.earlier?.length ?? 0));
    const answers = said.filter((message) => AIMessage.isInstance(message));
    const refusal = answers.find((message) => summaryOf(message) !== undefined);
    const texts = answers.filter((message) => message !== refusal).map(textsOf);
    return {
      text: texts.map(({ text }) => text).join(''),
      reasoning: texts.map(({ reasoning }) => reasoning).join(''),
      received: JSON.stringify(said, plain),
      ending: refusal === undefined ? 'complete' : 'stopped',
      ...behind(stage),
      ...(refusal !== undefined && { denial: told(summaryOf(refusal)!, refusal.text) }),
    };
  } catch (error) {
    const blocked = GovernanceBlockedError.find(error);
    const said = { text: '', reasoning: '', received: JSON.stringify(error, plain), ...behind(stage) };
    if (blocked === undefined) return { ...said, ending: 'failed' };
    return { ...said, ending: 'stopped', denial: told(blocked.denial, blocked.message) };
  }
}

// A middleware that ends a run repeats the state as its update: with what its reader asked.
const plain = (_key: string, value: unknown): unknown => {
  const { id } = Object(value) as { readonly id?: unknown };
  return Array.isArray(id) && id.at(-1) === 'HumanMessage' ? undefined : errorsToo(value);
};

const errorsToo = (value: unknown): unknown =>
  value instanceof Error ? { ...(value as object), message: value.message } : value;

const summaryOf = ({ response_metadata }: BaseMessage): DecisionSummary | undefined =>
  (response_metadata as { readonly flyball?: DecisionSummary } | undefined)?.flyball;

function textsOf({ content }: BaseMessage): { readonly text: string; readonly reasoning: string } {
  if (typeof content === 'string') return { text: content, reasoning: '' };
  const join = (kind: string): string =>
    (content as unknown as readonly { readonly [field: string]: unknown }[])
      .map(({ type, ...block }) => (type === kind ? String(block[kind]) : ''))
      .join('');
  return { text: join('text'), reasoning: join('reasoning') };
}

/** Metadata says outcome and reason; that something could not be judged is what the words say. */
function told({ outcome, reason, auditId, retryAfterMs }: DecisionSummary, words: string): ToldDenial {
  const refused = /could not be checked|was cut short|FAILED_CLOSED/.test(words) ? 'not_evaluated' : 'blocked';
  return {
    kind: outcome === 'COOLDOWN' ? 'cooldown' : refused,
    reason,
    auditId,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
