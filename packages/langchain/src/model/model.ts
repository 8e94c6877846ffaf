import { checkAgentOptions } from '@flyball/agent-kit';
import { FlyballError, type Stage } from '@flyball/core/adapter';
import { EXIT_BEHAVIOR, type GovernanceOptions } from '../options.ts';
import { governCache } from './cache.ts';
import { INVOCATION, type ModelSettings } from './call.ts';
import { governConfigurable, isConfigurable } from './configurable.ts';
import { eventsGoverned } from './governed-events.ts';
import { generateGoverned } from './governed-generate.ts';
import { streamGoverned } from './governed-stream.ts';
import { governLeaves, heeding, heedingMethod } from './leaves.ts';
import { UNGOVERNED, ungoverned } from './governed.ts';
import { isClientTool } from '../tools/arguments.ts';
import type { BaseMessage, ChatModel, ModelOptions, RunManager } from './types.ts';

/** What a governed model produces events of. */
export const MODEL_STAGES: readonly Stage[] = ['input', 'output', 'tool_call'];

/**
 * The model, governed in every way of calling it: `invoke`, `stream`, `batch`, `streamEvents` of each version, and
 * through `bindTools`, `withConfig`, `withStructuredOutput`, `withRetry`, `withFallbacks` and `initChatModel`. Its
 * prompts are decided on before it is asked; its answers are held back as long as they could still become something
 * that must not leave; callbacks and tracers are told of nothing that was not released.
 *
 *     const model = governChatModel(new ChatOpenAI({ model: 'gpt-5' }), { governor, subject });
 *     for await (const chunk of await model.stream('Hello')) process.stdout.write(chunk.text);
 *
 * Takes a chat model, or a runnable with chat models inside: a binding, a retry, fallbacks, a sequence.
 */
export function governChatModel<M extends object>(model: M, options: GovernanceOptions): M {
  const settings: ModelSettings = checkAgentOptions('governChatModel', options, { own: EXIT_BEHAVIOR });
  settings.governor.declareStages(MODEL_STAGES);
  const governed = governLeaves(model, (leaf) => governLeaf(leaf, settings));
  if (governed === model && ungoverned(model) === undefined)
    throw new FlyballError(
      'OPTIONS_INVALID',
      '`governChatModel` needs a chat model, or a runnable that has one inside',
    );
  return governed;
}

/** The same for the parts of this package, which have checked their options. */
export function governModelWith<M extends object>(model: M, settings: ModelSettings): M {
  return governLeaves(model, (leaf) => governLeaf(leaf, settings));
}

type Wrapped = (...args: unknown[]) => unknown;

function governLeaf<M extends ChatModel>(given: M, settings: ModelSettings): M {
  // Governed once, whoever asks last: two gates behind each other would decide everything twice.
  const model = (ungoverned(given) as M | undefined) ?? given;
  if (isConfigurable(model)) return governConfigurable(model, (leaf) => governModelWith(leaf, settings));
  const base = baseOf(model);
  const streams = base !== undefined && model._streamResponseChunks !== base._streamResponseChunks;
  const hasEvents = streams || model._streamChatModelEvents !== base?._streamChatModelEvents;
  const generate = (messages: BaseMessage[], options: ModelOptions, run?: RunManager): unknown =>
    generateGoverned(settings, model, messages, options ?? {}, run);
  const stream = (messages: BaseMessage[], options: ModelOptions, run?: RunManager): unknown =>
    streamGoverned(settings, model, messages, options ?? {}, run);
  const events = (messages: BaseMessage[], options: ModelOptions, run?: RunManager): unknown =>
    eventsGoverned(settings, model, messages, options ?? {}, run);
  let cache: unknown;

  const proxy: M = new Proxy(model, {
    get(target, name, receiver) {
      switch (name) {
        case UNGOVERNED:
          return target;
        case '_generate':
          return generate;
        case '_streamResponseChunks':
          // One that cannot stream is told by this very method.
          return streams ? stream : target._streamResponseChunks;
        case '_streamChatModelEvents':
          return target._streamChatModelEvents !== undefined && hasEvents ? events : target._streamChatModelEvents;
        case '_separateRunnableConfigFromCallOptionsCompat':
          return (options: unknown): [object, object] => withInvocation(target, options);
        case '_getCallOptionsForTracing': {
          // Some classes tell callbacks of a copy: it says all the same that the model is governed.
          const told: unknown = Reflect.get(target, name, receiver);
          if (typeof told !== 'function') return told;
          return (options: object, ...more: unknown[]) => {
            const marked = INVOCATION in options ? { [INVOCATION]: options[INVOCATION] } : {};
            return Object.assign({}, (told as Wrapped).call(proxy, options, ...more), marked);
          };
        }
        case 'cache':
          return target.cache === undefined ? undefined : (cache ??= governCache(target.cache, settings, target));
        case 'withConfig':
        case 'bindTools': {
          const method: unknown = Reflect.get(target, name, receiver);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]) => {
            const bound = name === 'bindTools' ? governedAmong(args[0]) : (settings.bound ?? []);
            return governModelWith((method as Wrapped).apply(proxy, args) as object, { ...settings, bound });
          };
        }
        case 'withRetry':
        case 'withFallbacks':
          return heedingMethod(proxy, Reflect.get(target, name, receiver) as never);
        case 'withStructuredOutput':
        case 'pipe': {
          const method: unknown = Reflect.get(target, name, receiver);
          return (...args: unknown[]) => heeding((method as Wrapped).apply(proxy, args) as object);
        }
        default:
          return Reflect.get(target, name, receiver);
      }
    },
  });
  return proxy;
}

/** The tools that turn a stopped call into its denial themselves. */
function governedAmong(tools: unknown): NonNullable<ModelSettings['bound']> {
  if (!Array.isArray(tools)) return [];
  return (tools as readonly unknown[]).filter((tool) => isClientTool(tool) && ungoverned(tool) !== undefined) as never;
}

/** A symbol: spreads of the options carry it on, and no provider reads it. */
function withInvocation(model: ChatModel, options: unknown): [object, object] {
  const [config, callOptions] = model._separateRunnableConfigFromCallOptionsCompat(options);
  return [config, Object.assign(callOptions, { [INVOCATION]: config })];
}

/** The prototype of LangChain's own class, of whichever copy this model comes from: the last that has the method. */
function baseOf(model: ChatModel): ChatModel | undefined {
  let found: ChatModel | undefined;
  for (let at: unknown = Object.getPrototypeOf(model); at !== null; at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at as object, '_streamResponseChunks')) found = at as ChatModel;
  return found;
}
