import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Usage } from '@ai-sdk/provider';
import type {
  Decision,
  EventInit,
  GovernedEvent,
  AdapterGovernor,
  Interaction,
  OutputGate,
} from '@flyball/core/adapter';
import { interactionFor, isOwn, type CheckedOptions, type GovernanceOptions } from './options.ts';
import { defaultRefusal, summaryOf } from './summary.ts';

/** One call of a language model, from its prompt to its last part. */
export interface ModelCall {
  readonly governor: AdapterGovernor;
  readonly interaction: Interaction;
  /** The answer is declared to be JSON: its text is judged whole and decoded. */
  readonly json: boolean;
  /** A refusal in words is impossible here: the caller's parser, or the SDK's tool choice check, would misread it. */
  readonly throws: boolean;
  readonly onBlock: 'continue' | 'stop';
  /** Aborts the provider's request. */
  readonly stop: AbortController;
  /** Aborts when the caller gives up. */
  readonly givenUp: AbortSignal | undefined;
  refusal(decision: Decision): string;
  event(init: EventInit): GovernedEvent;
  openGate<T>(): Promise<OutputGate<T>>;
  /** Tells limits by tokens what the provider counted. */
  reportUsage(usage: LanguageModelV4Usage): void;
  /** The call is over, however it ended: an interaction that was opened for a subject frees the places it holds. */
  over(): void;
}

export function openCall(
  options: CheckedOptions,
  params: LanguageModelV4CallOptions,
  model: LanguageModelV4,
): ModelCall {
  const { governor, attributes } = options;
  const interaction = interactionFor(options);
  const json = params.responseFormat?.type === 'json';
  const forced = params.toolChoice?.type === 'required' || params.toolChoice?.type === 'tool';
  const event = (init: EventInit): GovernedEvent =>
    interaction.event({
      point: 'model',
      ...init,
      resource: { model: nameOf(model.modelId), ...init.resource },
      ...(attributes !== undefined && { attributes: { ...attributes, ...init.attributes } }),
    });
  let output: GovernedEvent | undefined;
  return {
    governor,
    interaction,
    json,
    throws: json || forced,
    onBlock: onBlockOf(options, interaction),
    stop: new AbortController(),
    givenUp: params.abortSignal,
    refusal: (decision) => refusalText(options, decision),
    event,
    // Made when the answer begins, so that it carries the labels that the prompt brought.
    openGate: () => governor.openGate((output = event({ stage: 'output' }))),
    reportUsage: ({ inputTokens, outputTokens }) => {
      const amounts = { input_tokens: inputTokens.total ?? 0, output_tokens: outputTokens.total ?? 0 };
      // What is counted afterwards decides nothing about this call: a store that is gone is the store's to report.
      if (output !== undefined) void Promise.allSettled([interaction.report(output, amounts)]);
    },
    over: () => {
      if (isOwn(interaction)) void Promise.allSettled([interaction.end()]);
    },
  };
}

/** Names of models and tools come from outside; an event takes them up to a length. */
export function nameOf(name: string): string {
  return name === '' ? 'unnamed' : name.slice(0, 512);
}

/** A refusal must be worded whatever the application's own wording does. */
function refusalText({ refusal = defaultRefusal }: GovernanceOptions, decision: Decision): string {
  const summary = summaryOf(decision);
  try {
    return refusal(summary, decision);
  } catch {
    return defaultRefusal(summary);
  }
}

/** The application's choice where it made one, else the policy's. */
export function onBlockOf({ governor, onBlock }: CheckedOptions, interaction: Interaction): 'continue' | 'stop' {
  return onBlock ?? governor.adapterSettings(interaction.policy)?.onBlock ?? 'continue';
}

// The signal is the one parameter that every middleware hands on as it is, and that no provider sends anywhere:
// it carries the call from the outer position to the inner one.
const calls = new WeakMap<AbortSignal, ModelCall>();

/** The parameters for the inner model: the caller's, with a signal that a stop aborts too. */
export function withStop(params: LanguageModelV4CallOptions, call: ModelCall): LanguageModelV4CallOptions {
  const halted = call.interaction.signal;
  const signals = [params.abortSignal, call.stop.signal, halted.aborted ? undefined : halted];
  const abortSignal = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  calls.set(abortSignal, call);
  return { ...params, abortSignal };
}

/** The call that these parameters belong to, if an outer position opened one. */
export function callOf(params: LanguageModelV4CallOptions): ModelCall | undefined {
  return params.abortSignal === undefined ? undefined : calls.get(params.abortSignal);
}
