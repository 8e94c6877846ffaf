// Models that are not language models: what they are given is decided on before the provider is asked.
import type {
  EmbeddingModelV4,
  ImageModelV4,
  RerankingModelV4,
  SpeechModelV4,
  TranscriptionModelV4,
  TranscriptionModelV4Result,
} from '@ai-sdk/provider';
import {
  callContext,
  checkAgentOptions,
  endOwn,
  GovernanceBlockedError,
  resolveInteractionNow,
  viewJson,
  type CallContext,
  type JsonView,
} from '@flyball/agent-kit';
import { applyEditsToJson, decideAndCarryOut, segmentsOfJson, type Applied, type Stage } from '@flyball/core/adapter';
import type { GovernanceOptions } from '../options.ts';

type Fields = { readonly [field: string]: unknown };
type Options<M> = Omit<GovernanceOptions, 'refusal' | 'onBlock'> & { readonly model: M };

/**
 * Decides on the values before they are embedded. Long lists reach the model in several calls; each is decided on its
 * own.
 */
export function governEmbeddingModel(options: Options<EmbeddingModelV4>): EmbeddingModelV4 {
  return governing('governEmbeddingModel', options, 'input', { doEmbed: given('values') });
}

/** Decides on the prompt before pictures are made of it. Pictures are not read. */
export function governImageModel(options: Options<ImageModelV4>): ImageModelV4 {
  return governing('governImageModel', options, 'input', { doGenerate: given('prompt') });
}

/** Decides on text and instructions before they are spoken. */
export function governSpeechModel(options: Options<SpeechModelV4>): SpeechModelV4 {
  return governing('governSpeechModel', options, 'input', { doGenerate: given('text', 'instructions') });
}

/** Decides on query and documents before they are ranked. */
export function governRerankingModel(options: Options<RerankingModelV4>): RerankingModelV4 {
  return governing('governRerankingModel', options, 'input', { doRerank: given('query', 'documents') });
}

/**
 * Decides on the transcript before anyone reads it. An edited one comes without its timed segments, which repeat it.
 */
export function governTranscriptionModel(options: Options<TranscriptionModelV4>): TranscriptionModelV4 {
  return governing('governTranscriptionModel', options, 'output', { doGenerate: transcript });
}

/** A call of the provider's method, governed. */
type Governed = (context: CallContext, run: (params: Fields) => Promise<unknown>, params: Fields) => Promise<unknown>;

/** Decides on these fields of what the method is given. */
function given(...fields: readonly string[]): Governed {
  return async (context, run, params) => {
    const said = Object.fromEntries(
      fields.flatMap((field) => (params[field] === undefined ? [] : [[field, params[field]]])),
    );
    const admitted = await admit(context, 'input', said);
    return run(admitted === said ? params : { ...params, ...admitted });
  };
}

const transcript: Governed = async (context, run, params) => {
  const result = (await run(params)) as TranscriptionModelV4Result;
  const { text, segments, words } = result;
  const said = {
    text,
    segments: segments.map((segment) => segment.text),
    words: (words ?? []).map((word) => word.text),
  };
  const admitted = await admit(context, 'output', said);
  if (admitted === said) return result;
  const { words: _, providerMetadata: __, response, ...rest } = result;
  const { body: ___, ...head } = response;
  return { ...rest, text: admitted['text'], segments: [], response: head };
};

/**
 * What may go on of these fields. Throws `GovernanceBlockedError` where nothing may: these models have no words to
 * refuse with.
 */
async function admit(context: CallContext, stage: 'input' | 'output', said: Fields): Promise<Fields> {
  // What nothing reads is counted as ungoverned, and not looked at.
  const { json, unreadable } = context.covers(stage) ? viewJson(said, stage) : NOT_READ;
  const role = stage === 'input' ? 'user' : 'assistant';
  const event = context.event({ stage, content: segmentsOfJson(json, stage, { role, separate: true }), unreadable });
  const carried = await decideAndCarryOut(
    context.governor,
    event,
    said,
    (edits) => applyEditsToJson(json, stage, edits) as Applied<Fields>,
  );
  if (carried.kind === 'stopped') throw new GovernanceBlockedError(carried.decision);
  return carried.value;
}

const NOT_READ: JsonView = { json: null, unreadable: [] };

/** The model with some of its methods governed. `produces`: the stage that its events are of. */
function governing<M extends { readonly modelId: string }>(
  caller: string,
  options: Options<M>,
  produces: Stage,
  methods: { readonly [name: string]: Governed },
): M {
  const checked = checkAgentOptions(caller, options, {
    own: { model: 'object' },
    required: ['model'],
    without: ['refusal', 'onBlock'],
  });
  const { governor, model } = checked;
  governor.declareStages([produces]);
  return new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      const call = (value as (params: Fields) => Promise<unknown>).bind(target);
      const governed = Object.hasOwn(methods, name) ? methods[name] : undefined;
      // INVARIANT: a way to the provider that is not governed is closed, so that a method added later is no way round.
      if (governed === undefined) return name.startsWith('do') ? undefined : call;
      return async (params: Fields) => {
        const interaction = resolveInteractionNow(governor, checked, {});
        try {
          return await governed(
            callContext(checked, interaction, { point: 'model', model: model.modelId }),
            call,
            params,
          );
        } finally {
          endOwn(interaction);
        }
      };
    },
  });
}
