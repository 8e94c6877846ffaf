import {
  callContext,
  createRunRegistry,
  endOwn,
  refusalText,
  resolveInteractionNow,
  type CallContext,
} from '@flyball/agent-kit';
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Decision, GovernedEvent, MaybePromise, OutputGate } from '@flyball/core/adapter';
import type { Checked } from '../options.ts';

/** One call of a language model, from its prompt to its last part. */
export interface ModelCall extends CallContext {
  /** The answer is declared to be JSON: its text is decided on whole and decoded. */
  readonly json: boolean;
  /** A refusal in words is impossible here: the caller's parser, or the SDK's tool choice check, would misread it. */
  readonly throws: boolean;
  /** Aborts the provider's request. */
  readonly stop: AbortController;
  /** Aborts when the caller gives up. */
  readonly givenUp: AbortSignal | undefined;
  refusal(decision: Decision): MaybePromise<string>;
  openGate<T>(): Promise<OutputGate<T>>;
  /** Tells limits by tokens what the provider counted. */
  reportUsage(usage: LanguageModelV4Usage): void;
  /** The call is over, however it ended: an interaction that was opened for a subject frees the places it holds. */
  over(): void;
}

export function openCall(options: Checked, params: LanguageModelV4CallOptions, model: LanguageModelV4): ModelCall {
  const { governor, refusal } = options;
  const interaction = resolveInteractionNow(governor, options, undefined);
  const context = callContext(options, interaction, { point: 'model', model: model.modelId });
  const json = params.responseFormat?.type === 'json';
  const forced = params.toolChoice?.type === 'required' || params.toolChoice?.type === 'tool';
  let output: GovernedEvent | undefined;
  return {
    ...context,
    json,
    throws: json || forced,
    stop: new AbortController(),
    givenUp: params.abortSignal,
    refusal: (decision) => refusalText(governor, refusal, decision),
    // Made when the answer begins, so that it carries the labels that the prompt brought.
    openGate: () => governor.openGate((output = context.event({ stage: 'output' }))),
    reportUsage: ({ inputTokens, outputTokens }) => {
      const amounts = { input_tokens: inputTokens.total ?? 0, output_tokens: outputTokens.total ?? 0 };
      // What is counted afterwards decides nothing about this call: a store that is gone is the store's to report.
      if (output !== undefined) void Promise.allSettled([interaction.report(output, amounts)]);
    },
    over: () => endOwn(interaction),
  };
}

// The signal is the one parameter that every middleware hands on as it is, and that no provider sends anywhere:
// it carries the call from the outer position to the inner one.
const calls = createRunRegistry<ModelCall>();

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
