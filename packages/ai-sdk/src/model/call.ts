import { callContext, endOwn, refusalText, resolveInteractionNow, type CallContext } from '@flyball/agent-kit';
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Decision, GovernedEvent, MaybePromise, OutputGate } from '@flyball/core/adapter';
import type { Checked } from '../options.ts';

type Ask<T> = (params: LanguageModelV4CallOptions) => PromiseLike<T>;

/** One call of a language model, from its prompt to its last part. */
export interface ModelCall extends CallContext {
  /** The answer is declared to be JSON: its text is decided on whole and decoded. */
  readonly json: boolean;
  /** The model must call a tool. */
  readonly forced: boolean;
  /** As the SDK gave it. */
  readonly prompt: object;
  /** Names of the tools that the model may call. */
  readonly offered: readonly string[];
  /** A refusal in words is impossible here: the caller's parser, or the SDK's tool choice check, would misread it. */
  readonly throws: boolean;
  /** Aborts the provider's request: at a stop, at a halt, and when the caller gives up. */
  readonly stop: AbortController;
  /** Aborts when the caller gives up. */
  readonly givenUp: AbortSignal | undefined;
  /** Asks the model with a prompt that was decided on, and lets the call's telemetry hear of that. */
  ask<T>(before: LanguageModelV4CallOptions, admitted: LanguageModelV4CallOptions, ask: Ask<T>): PromiseLike<T>;
  refusal(decision: Decision): MaybePromise<string>;
  openGate<T>(): Promise<OutputGate<T>>;
  /** Tells limits by tokens what the provider counted. */
  reportUsage(usage: LanguageModelV4Usage): void;
  /** Arguments of a call in this answer are withheld: the SDK's own hooks deny that call. */
  withholds(decision: Decision): void;
  /**
   * The call is over, however it ended: it lets go of the caller's signal, and of the interaction if that was opened
   * for it. `goesOn`: the message calls tools, and the run goes on with their results.
   */
  over(ending: { readonly goesOn: boolean }): void;
}

export function openCall(options: Checked, params: LanguageModelV4CallOptions, model: LanguageModelV4): ModelCall {
  const { governor, refusal, run } = options;
  const interaction = resolveInteractionNow(governor, options, {});
  run?.begin(interaction);
  const context = callContext(options, interaction, { point: 'model', model: model.modelId });
  const json = params.responseFormat?.type === 'json';
  const forced = params.toolChoice?.type === 'required' || params.toolChoice?.type === 'tool';
  const stop = new AbortController();
  const unlink = abortWith(stop, [params.abortSignal, interaction.signal.aborted ? undefined : interaction.signal]);
  let output: GovernedEvent | undefined;
  return {
    ...context,
    json,
    forced,
    offered: (params.tools ?? []).map(({ name }) => name),
    prompt: params.prompt,
    throws: json || forced,
    stop,
    givenUp: params.abortSignal,
    ask: (before, admitted, ask) => {
      if (run === undefined) return ask(admitted);
      const governed = context.covers('input') && governor.strictestMode(interaction.policy) === 'enforce';
      return run.hearing.ask({ before: before.prompt, after: admitted.prompt, governed }, () => ask(admitted));
    },
    refusal: (decision) => refusalText(governor, refusal, decision),
    // Made when the answer begins, so that it carries the labels that the prompt brought.
    openGate: () => governor.openGate((output = context.event({ stage: 'output' }))),
    reportUsage: ({ inputTokens, outputTokens }) => {
      const amounts = { input_tokens: inputTokens.total ?? 0, output_tokens: outputTokens.total ?? 0 };
      // What is counted afterwards decides nothing about this call: a store that is gone is the store's to report.
      if (output !== undefined) void Promise.allSettled([interaction.report(output, amounts)]);
    },
    withholds: (decision) => run?.withholds(decision),
    over: ({ goesOn }) => {
      unlink();
      // A run keeps its place in limits until its last step: the tools of this message have yet to run.
      if (run === undefined || !goesOn) endOwn(run?.interaction ?? interaction);
    },
  };
}

/** The parameters for the provider: the caller's, with a signal that a stop and a halt abort too. */
export function withStop(params: LanguageModelV4CallOptions, { stop }: ModelCall): LanguageModelV4CallOptions {
  return { ...params, abortSignal: stop.signal };
}

/**
 * Aborts with whichever of these aborts first. `AbortSignal.any` would do it, and some edge runtimes have none. Returns
 * how to let go of the signals: that of an interaction lives longer than a call.
 */
function abortWith(controller: AbortController, signals: readonly (AbortSignal | undefined)[]): () => void {
  const links = signals.flatMap((signal) => {
    if (signal === undefined) return [];
    const onAbort = (): void => controller.abort(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    return [() => signal.removeEventListener('abort', onAbort)];
  });
  return () => {
    for (const unlink of links) unlink();
  };
}
