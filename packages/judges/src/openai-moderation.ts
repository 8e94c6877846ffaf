import type { OptionShape } from '@flyball/core/adapter';
import { withMethods } from '@flyball/core/adapter';
import type { Asker, Opinion, Score } from './asker.ts';
import { refused } from './chat-completions.ts';
import { makeJudge, type Judge } from './judge.ts';
import { badAnswer, JudgeError } from './judge-error.ts';
import { named } from './option-shapes.ts';
import { settingsOf, type JudgeOptions } from './options.ts';

/** What of the `openai` client is used. */
export interface ModerationClient {
  readonly moderations: {
    create(
      body: { readonly model: string; readonly input: string[] },
      options: { readonly signal: AbortSignal; readonly maxRetries: number },
    ): PromiseLike<{ readonly results: readonly { readonly category_scores: object }[] }>;
  };
}

export interface OpenAIModerationOptions extends JudgeOptions {
  /** `new OpenAI()` of the package `openai`, or anything that has its `moderations.create`. */
  readonly client: ModerationClient;
  /** A dated name keeps the meaning of the scores. Default `omni-moderation-2024-09-26`. */
  readonly model?: string;
}

/** Categories of the API by the signal they give: `harassment/threatening` is `harm.harassment.threatening`. */
const CATEGORIES: ReadonlyMap<string, string> = new Map(
  [
    ...['harassment', 'harassment/threatening', 'hate', 'hate/threatening', 'illicit', 'illicit/violent'],
    ...['self-harm', 'self-harm/intent', 'self-harm/instructions', 'sexual', 'sexual/minors'],
    ...['violence', 'violence/graphic'],
  ].map((name) => [name, `harm.${name.replaceAll('-', '_').replace('/', '.')}`]),
);

/**
 * OpenAI's moderation endpoint. Decides on its scores, whose thresholds are yours, and not on `flagged`, whose are
 * hidden and move. Texts that come within `batchMs` are one call.
 *
 *     openaiModeration({ client: new OpenAI() })
 */
export function openaiModeration(options: OpenAIModerationOptions): Judge {
  const settings = settingsOf('openaiModeration', options, MORE, ['client']);
  const { client, model = 'omni-moderation-2024-09-26', id = 'openai-moderation' } = options;
  const asker: Asker = {
    id,
    version: `openai-moderation;1;model=${model}`,
    types: [...CATEGORIES.values()],
    batch: 32,
    async ask(passages, signal) {
      try {
        const { results } = await client.moderations.create(
          { model, input: passages.map(({ text }) => text.toWellFormed()) },
          // Repetitions are counted here.
          { signal, maxRetries: 0 },
        );
        if (!Array.isArray(results)) throw badAnswer(id, 'without results');
        return { opinions: results.map((result: unknown) => opinionOf(id, result)) };
      } catch (error) {
        throw signal.aborted || error instanceof JudgeError ? error : failureOf(id, error);
      }
    },
  };
  return makeJudge(asker, settings);
}

function opinionOf(id: string, result: unknown): Opinion {
  const scores = (result as { readonly category_scores?: unknown } | null)?.category_scores;
  if (typeof scores !== 'object' || scores === null) throw badAnswer(id, 'without scores');
  const found = Object.entries(scores).flatMap(([name, score]): Score[] => {
    const type = CATEGORIES.get(name);
    // A category that came later than this version. One that is null was not judged, which is not "harmless": the
    // others still count.
    return type === undefined || score === null ? [] : [{ type, score: score as number }];
  });
  if (found.length === 0) throw badAnswer(id, 'with no category that is known');
  return { scores: found };
}

/** The client's errors carry the status, and the headers of the answer. */
function failureOf(id: string, error: unknown): JudgeError {
  const { status, headers } = error as { readonly status?: unknown; readonly headers?: unknown };
  if (typeof status === 'number')
    return refused(id, status, headers instanceof Headers ? headers.get('retry-after') : undefined, error);
  return new JudgeError('JUDGE_UNREACHABLE', `judge \`${id}\` is out of reach`, {
    failure: 'UNAVAILABLE',
    again: true,
    cause: error,
  });
}

const MORE: { readonly [name: string]: OptionShape } = {
  client: {
    is: (value) => withMethodsOf((value as { readonly moderations?: unknown } | null)?.moderations),
    words: 'a client with `moderations.create`, such as `new OpenAI()`',
  },
  model: named('the name of a model'),
};

function withMethodsOf(value: unknown): boolean {
  const shape = withMethods('', 'create');
  return typeof shape === 'object' && shape.is(value);
}
