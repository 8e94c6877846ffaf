import type { Answers, Asker, Opinion, Passage } from './asker.ts';
import { complete, type ChatRequest, type Completion, type Endpoint } from './chat-completions.ts';
import { makeJudge, type Judge } from './judge.ts';
import type { OptionShape } from '@flyball/core/adapter';
import { apiKey, headers, httpUrl, named } from './option-shapes.ts';
import type { JudgeOptions, Settings } from './options.ts';

export interface SafeguardOptions extends JudgeOptions, Endpoint {
  /** The name under which the server knows the model. */
  readonly model?: string;
}

/** A model that was trained to judge: what it is asked, and how its answer is read. */
export interface Safeguard {
  readonly id: string;
  /** Everything that may change its opinions, besides the model: prompt and categories. */
  readonly version: string;
  readonly types: readonly string[];
  /** One request, or several that are asked side by side. */
  requests(passage: Passage): readonly Omit<ChatRequest, 'model'>[];
  /** Throws `badAnswer` for whatever is not of the declared form: it is never harmless. */
  read(completions: readonly Completion[]): Opinion;
}

/** A judge of a safeguard model behind an OpenAI-compatible endpoint. */
export function safeguardJudge(
  settings: Settings,
  { model, version, ...safeguard }: Safeguard & { readonly model: string },
  options: SafeguardOptions,
): Judge {
  const id = options.id ?? safeguard.id;
  const asker: Asker = {
    id,
    version: `${version};model=${model}`,
    types: safeguard.types,
    async ask([passage], signal): Promise<Answers> {
      const completions = await together(safeguard.requests(passage!), signal, (request, left) =>
        complete(id, options, { ...request, model } as ChatRequest, left),
      );
      const used = completions.flatMap(({ usage }) => usage ?? []);
      return {
        opinions: [safeguard.read(completions)],
        usage:
          used.length === 0
            ? undefined
            : {
                inputTokens: used.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
                outputTokens: used.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
              },
      };
    },
  };
  return makeJudge(asker, settings);
}

/** What every safeguard model takes. */
export const ENDPOINT_OPTIONS: { readonly [name: string]: OptionShape } = {
  baseURL: httpUrl('http://127.0.0.1:8000/v1'),
  apiKey,
  headers,
  fetch: 'function',
  model: named('the name of a model'),
};

/** Asks side by side. Where one fails the others are given up: their answers would not count. */
async function together<A, B>(
  all: readonly A[],
  signal: AbortSignal,
  ask: (one: A, signal: AbortSignal) => Promise<B>,
): Promise<readonly B[]> {
  const group = new AbortController();
  const leave = (): void => group.abort(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.all(all.map(async (one) => ask(one, group.signal)));
  } catch (error) {
    group.abort(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
