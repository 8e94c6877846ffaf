// Models that are not language models: what they are given is judged before the provider is asked.
import type {
  EmbeddingModelV4,
  ImageModelV4,
  RerankingModelV4,
  SpeechModelV4,
  TranscriptionModelV4,
  TranscriptionModelV4Result,
} from '@ai-sdk/provider';
import {
  applyEditsToJson,
  isDenied,
  requireGovernor,
  segmentsOfJson,
  type Json,
  type Stage,
} from '@flyball/core/adapter';
import { notApplicable } from './blocked.ts';
import { nameOf } from './call.ts';
import { GovernanceBlockedError } from './error.ts';
import { toJson } from './json.ts';
import { interactionFor, isOwn, type GovernanceOptions } from './options.ts';

type Fields = { readonly [field: string]: Json };
type Options<M> = Omit<GovernanceOptions, 'refusal' | 'onBlock'> & { readonly model: M };

/** Judges the values before they are embedded. Long lists reach the model in several calls; each is judged on its own. */
export function governEmbeddingModel(options: Options<EmbeddingModelV4>): EmbeddingModelV4 {
  return governing(options, { doEmbed: given(options, ['values']) });
}

/** Judges the prompt before pictures are made of it. Pictures are not read. */
export function governImageModel(options: Options<ImageModelV4>): ImageModelV4 {
  return governing(options, { doGenerate: given(options, ['prompt']) });
}

/** Judges text and instructions before they are spoken. */
export function governSpeechModel(options: Options<SpeechModelV4>): SpeechModelV4 {
  return governing(options, { doGenerate: given(options, ['text', 'instructions']) });
}

/** Judges query and documents before they are ranked. */
export function governRerankingModel(options: Options<RerankingModelV4>): RerankingModelV4 {
  return governing(options, { doRerank: given(options, ['query', 'documents']) });
}

/** Judges the transcript before anyone reads it. An edited one comes without its timed segments, which repeat it. */
export function governTranscriptionModel(options: Options<TranscriptionModelV4>): TranscriptionModelV4 {
  return governing(options, {
    doGenerate: (run) => async (params) => {
      const result = (await run(params)) as TranscriptionModelV4Result;
      const { text, segments, words } = result;
      const said = {
        text,
        segments: segments.map((segment) => segment.text),
        words: (words ?? []).map((word) => word.text),
      };
      const judged = await judge(options, 'output', said);
      if (judged === said) return result;
      const { words: _, providerMetadata: __, response, ...rest } = result;
      const { body: ___, ...head } = response;
      return { ...rest, text: judged['text'], segments: [], response: head };
    },
  });
}

/** A call of the provider's method, and what stands around it. */
type Run = (params: Fields) => Promise<unknown>;
type Around = (run: Run) => Run;

/** Judges these fields of what the method is given. */
function given(options: Options<{ readonly modelId: string }>, fields: readonly string[]): Around {
  return (run) => async (params) => {
    const said = Object.fromEntries(
      fields.flatMap((field) => (params[field] === undefined ? [] : [[field, toJson(params[field])]])),
    );
    const judged = await judge(options, 'input', said);
    return run(judged === said ? params : { ...params, ...judged });
  };
}

/** What may go on of these fields. Throws `GovernanceBlockedError` where nothing may: these models have no words to refuse with. */
async function judge(options: Options<{ readonly modelId: string }>, stage: Stage, said: Fields): Promise<Fields> {
  const { governor, attributes, model } = options;
  const interaction = interactionFor(options);
  const role = stage === 'input' ? 'user' : 'assistant';
  const event = interaction.event({
    stage,
    point: 'model',
    resource: { model: nameOf(model.modelId) },
    ...(attributes !== undefined && { attributes }),
    content: segmentsOfJson(said, stage, { role, separate: true }),
  });
  const decision = await governor.decide(event);
  if (isOwn(interaction)) await interaction.end();
  if (isDenied(decision)) throw new GovernanceBlockedError(decision);
  if (decision.edits.length === 0) return said;
  const edited = applyEditsToJson(said, stage, decision.edits);
  if (!edited.ok)
    throw new GovernanceBlockedError(
      await notApplicable(requireGovernor(governor, 'govern…Model({ model, governor })'), event, decision),
    );
  return edited.value as Fields;
}

/** The model with some of its methods governed. */
function governing<M extends object>({ model, governor }: Options<M>, methods: { readonly [name: string]: Around }): M {
  requireGovernor(governor, 'govern…Model({ model, governor })').declareStages(['input']);
  return new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      const call = (value as (params: Fields) => Promise<unknown>).bind(target);
      const around = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (around !== undefined) return around(async (params) => call(params));
      // INVARIANT: a way to the provider that is not governed is closed, so that a method added later is no way round.
      return name.startsWith('do') ? undefined : call;
    },
  });
}
