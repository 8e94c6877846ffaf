import { callContext, refusalText, toolRunOf, type CallContext } from '@flyball/agent-kit';
import { mapMaybe, type Decision, type GovernedEvent, type MaybePromise, type OutputGate } from '@flyball/core/adapter';
import type { UsageMetadata } from '@langchain/core/messages';
import type { Checked } from '../options.ts';
import { hold, interactionOf, type Invocation } from '../run.ts';
import { finalArgumentsOf } from '../tools/arguments.ts';
import { declaresJson, forcesTool } from './declared.ts';
import { offeredNames } from './offered.ts';
import type { ChatModel, ModelOptions } from './types.ts';

/** One call of a chat model, from its prompt to its last chunk. */
export interface ModelCall extends CallContext {
  /** The answer is declared to be JSON: its text is decided on whole and decoded. */
  readonly json: boolean;
  /** Names of the tools that the model was offered. */
  readonly offered: ReadonlySet<string>;
  /** A stop is an error here: the application wants it, or words would be misread. */
  readonly throws: boolean;
  /** Aborts the provider's request. */
  readonly stop: AbortController;
  refusal(decision: Decision): MaybePromise<string>;
  /** The answer was stopped: whoever governs the run around this call wants to know. */
  stopped(decision: Decision): void;
  openGate<T>(): Promise<OutputGate<T>>;
  /** Tells limits by tokens what the provider counted. */
  reportUsage(usage: UsageMetadata | undefined): void;
  /** The call is over, however it ended. */
  over(): void;
}

type BoundTool = { readonly name: string } & object;

/** What the part that governs a model wants besides what the application said. */
export interface ModelSettings extends Checked {
  /** The run has an owner that ends its interaction. */
  readonly owned?: boolean;
  /** Tools bound to the model that are governed where they run: a stopped call of one becomes its denial. */
  readonly bound?: readonly BoundTool[];
  /** Is told of each stop. */
  readonly onStop?: (decision: Decision) => void;
}

/**
 * The configuration rides on the call options under this key: models split it off before any method that can be
 * governed runs.
 */
export const INVOCATION: unique symbol = Symbol.for('flyball.langchain.invocation') as never;

export function openCall(settings: ModelSettings, model: ChatModel, options: ModelOptions): MaybePromise<ModelCall> {
  const { governor, refusal, exitBehavior } = settings;
  const invocation = (options as { readonly [INVOCATION]?: Invocation })[INVOCATION];
  return mapMaybe(interactionOf(settings, invocation), (interaction) => {
    const context = callContext(settings, interaction, { point: 'model', model: modelNameOf(model, options) });
    const known = toolRunOf(interaction).tools;
    for (const tool of settings.bound ?? []) known.set(tool.name, finalArgumentsOf(tool));
    const json = declaresJson(model, options);
    let output: GovernedEvent | undefined;
    const over = settings.owned === true ? () => undefined : hold(governor, interaction, invocation);
    return {
      ...context,
      json,
      offered: offeredNames(options.tools),
      throws: json || exitBehavior === 'error' || forcesTool(options),
      stop: new AbortController(),
      refusal: (decision) => refusalText(governor, refusal, decision),
      stopped: (decision) => settings.onStop?.(decision),
      // Made when the answer begins, so that it carries the labels that the prompt brought.
      openGate: () => governor.openGate((output = context.event({ stage: 'output' }))),
      reportUsage: (usage) => {
        if (usage === undefined) return;
        const amounts = { input_tokens: usage.input_tokens ?? 0, output_tokens: usage.output_tokens ?? 0 };
        output ??= context.event({ stage: 'output' });
        // What is counted afterwards decides nothing about this call: a store that is gone is the store's to report.
        void Promise.allSettled([interaction.report(output, amounts)]);
      },
      over,
    };
  });
}

function modelNameOf(model: ChatModel, { model: asked }: ModelOptions): string {
  const names = [asked, model.model, model.modelName, model._llmType?.()];
  return names.find((name): name is string => typeof name === 'string' && name !== '') ?? 'unnamed';
}

/**
 * The signal for the provider: the caller's, with a stop and a halt. The SDK of this one class leaves an unhandled
 * rejection behind when its signal aborts in mid-stream, which ends the process: its answer is left unread instead.
 */
export function withStop<O extends ModelOptions>(options: O, call: ModelCall, model: ChatModel): O {
  if (model._llmType?.() === 'googlegenerativeai') return options;
  const halted = call.interaction.signal;
  const signals = [options.signal, call.stop.signal, halted.aborted ? undefined : halted];
  return { ...options, signal: AbortSignal.any(signals.filter((signal) => signal !== undefined)) };
}
