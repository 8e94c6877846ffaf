import type { OptionShape } from '@flyball/core/adapter';
import type { Asker, Opinion } from './asker.ts';
import { makeJudge, type Judge } from './judge.ts';
import { badAnswer } from './judge-error.ts';
import { meanings, named } from './option-shapes.ts';
import { settingsOf, type JudgeOptions } from './options.ts';

/** What of `@huggingface/transformers` is used. */
export interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string; useFSCache: boolean };
  readonly pipeline: (task: 'text-classification', model: string, options: object) => Promise<TextClassifier>;
}

/** A loaded model. */
export type TextClassifier = (texts: string[], options: object) => Promise<unknown>;

export interface OnnxOptions extends JudgeOptions {
  /** The folder of the model: `config.json`, `tokenizer.json` and `onnx/model.onnx`. */
  readonly model: string;
  /**
   * Loads the library when the first text is judged: `() => import('@huggingface/transformers')`. The application
   * imports it, since it is too large to come along.
   */
  readonly transformers: () => Promise<unknown>;
  /**
   * The signal that each label of the model gives; labels that are not named give none: `{ unsafe: 'harm.unsafe' }`.
   */
  readonly labels: { readonly [label: string]: string };
  /** Changes whenever the files of the model do. */
  readonly version: string;
  /** Which of the model's files: `fp32` is `onnx/model.onnx`, `q8` is `onnx/model_quantized.onnx`. Default `fp32`. */
  readonly dtype?: string;
  /** Cores for one call. Default 1. */
  readonly threads?: number;
}

/**
 * A text classification model of yours, in this process: Prompt Guard, Granite Guardian HAP, or one you trained. Loads
 * from its folder and nothing from anywhere else. Sets the library's `env`, which the whole process shares, so that it
 * looks in that folder only.
 *
 *     onnx({ model: '/models/prompt-guard', version: '2026-01', labels: { LABEL_1: 'injection.model' },
 *            transformers: () => import('@huggingface/transformers') })
 */
export function onnx(options: OnnxOptions): Judge {
  // A model of this process is no service that recovers by being left alone.
  const settings = settingsOf('onnx', options, MORE, ['model', 'transformers', 'labels', 'version'], {
    breaker: false,
    maxUnits: 1500,
  });
  const { labels, version, id = 'onnx' } = options;
  let loading: Promise<TextClassifier> | undefined;
  const asker: Asker = {
    id,
    version: `onnx;1;${version};${JSON.stringify(labels)}`,
    types: [...new Set(Object.values(labels))],
    batch: 16,
    async ask(passages) {
      loading ??= load(options);
      // A folder that is mended may be tried again.
      loading.catch(() => (loading = undefined));
      const classify = await loading;
      const answers = await classify(
        passages.map(({ text }) => text.toWellFormed()),
        // All labels, not the best one.
        { top_k: null },
      );
      if (!Array.isArray(answers)) throw badAnswer(id, 'no list of labels');
      return { opinions: answers.map((answer: unknown) => opinionOf(id, answer, labels)) };
    },
  };
  return makeJudge(asker, settings);
}

async function load({ model, transformers, dtype = 'fp32', threads = 1 }: OnnxOptions): Promise<TextClassifier> {
  const { env, pipeline } = (await transformers()) as Transformers;
  const folder = model.replace(/[\\/]+$/, '');
  const cut = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\')) + 1;
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.localModelPath = folder.slice(0, cut);
  return pipeline('text-classification', folder.slice(cut), {
    ...{ dtype, device: 'cpu', local_files_only: true },
    session_options: { intraOpNumThreads: threads },
  });
}

function opinionOf(id: string, answer: unknown, labels: OnnxOptions['labels']): Opinion {
  if (!Array.isArray(answer)) throw badAnswer(id, 'no labels for a text');
  const given = answer as readonly { readonly label?: unknown; readonly score?: unknown }[];
  const known = Object.entries(labels).map(([label, type]) => {
    const found = given.find((one) => one.label === label);
    if (found === undefined) throw badAnswer(id, `without the label \`${label}\``);
    return { type, score: found.score as number };
  });
  return { scores: known };
}

const MORE: { readonly [name: string]: OptionShape } = {
  model: named('the folder of a model'),
  transformers: 'function',
  labels: meanings("at least one label with its signal, such as `{ unsafe: 'harm.unsafe' }`"),
  version: named('a version that changes with the files'),
  dtype: named('a precision, such as `q8`'),
  threads: { is: (value) => Number.isInteger(value) && (value as number) > 0, words: 'a whole number above 0' },
};
