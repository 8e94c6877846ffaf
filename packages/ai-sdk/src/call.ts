import type { LanguageModelV4CallOptions, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Decision, EventInit, GovernedEvent, Governor, Interaction, OutputGate } from '@flyball/core/adapter';
import { interactionFor, type GovernanceOptions } from './options.ts';
import { defaultRefusal, summaryOf } from './summary.ts';

/** One call of a language model, from its prompt to its last part. */
export interface ModelCall {
  readonly governor: Governor;
  readonly interaction: Interaction;
  readonly modelId: string;
  /** The answer is declared to be JSON: its text is judged whole and decoded. */
  readonly json: boolean;
  /** A refusal in words is impossible here: the caller's parser, or the SDK's tool choice check, would misread it. */
  readonly throws: boolean;
  readonly onBlock: 'continue' | 'stop';
  /** Aborts the provider's request. */
  readonly stop: AbortController;
  /** Set by the prompt's governance when the model was never asked: what comes back is already the refusal. */
  refused?: Decision;
  refusal(decision: Decision): string;
  event(init: EventInit): GovernedEvent;
  openGate<T>(): Promise<OutputGate<T>>;
  /** Tells limits by tokens what the provider counted. */
  reportUsage(usage: LanguageModelV4Usage): void;
}

export function openCall(options: GovernanceOptions, params: LanguageModelV4CallOptions, modelId: string): ModelCall {
  const { governor, attributes } = options;
  const interaction = interactionFor(options);
  const json = params.responseFormat?.type === 'json';
  const forced = params.toolChoice?.type === 'required' || params.toolChoice?.type === 'tool';
  const event = (init: EventInit): GovernedEvent =>
    interaction.event({
      point: 'model',
      ...init,
      resource: { model: modelId, ...init.resource },
      ...(attributes !== undefined && { attributes: { ...attributes, ...init.attributes } }),
    });
  const output = event({ stage: 'output' });
  return {
    governor,
    interaction,
    modelId,
    json,
    throws: json || forced,
    onBlock: onBlockOf(options, interaction),
    stop: new AbortController(),
    refusal: (decision) => (options.refusal ?? defaultRefusal)(summaryOf(decision), decision),
    event,
    openGate: () => governor.openGate(output),
    reportUsage: ({ inputTokens, outputTokens }) => {
      const amounts = { input_tokens: inputTokens.total ?? 0, output_tokens: outputTokens.total ?? 0 };
      // What is counted afterwards decides nothing about this call: a store that is gone is the store's to report.
      void Promise.allSettled([interaction.report(output, amounts)]);
    },
  };
}

/** The application's choice where it made one, else the policy's. */
export function onBlockOf({ governor, onBlock }: GovernanceOptions, interaction: Interaction): 'continue' | 'stop' {
  return onBlock ?? governor.traits(interaction.policy)?.onBlock ?? 'continue';
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
