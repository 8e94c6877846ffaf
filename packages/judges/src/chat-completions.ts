import { JudgeError, badAnswer } from './judge-error.ts';
import type { Usage } from './asker.ts';

/** Where a model is served, in the form that vLLM, SGLang, Ollama, llama.cpp and most hosts share. */
export interface Endpoint {
  /** Up to and with the version: `http://127.0.0.1:8000/v1`. */
  readonly baseURL: string;
  readonly apiKey?: string;
  readonly headers?: { readonly [name: string]: string };
  /** In place of the platform's. */
  readonly fetch?: typeof fetch;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly max_tokens: number;
  /** Further fields, such as `chat_template_kwargs`. */
  readonly [field: string]: unknown;
}

/** One generated token with what else might have stood there. */
export interface Token {
  readonly text: string;
  /** Natural logarithms of probabilities, by token. */
  readonly top: ReadonlyMap<string, number>;
}

export interface Completion {
  readonly text: string;
  /** Empty where the server offers none. */
  readonly tokens: readonly Token[];
  readonly usage: Usage | undefined;
}

/** Verdicts are short: a longer answer is none. */
const MOST_BYTES = 1_000_000;
const TOP_TOKENS = 10;

/** Asks for one completion, at temperature 0, with probabilities where the server has them. Throws a `JudgeError`. */
export async function complete(
  judge: string,
  { baseURL, apiKey, headers, fetch: ask = fetch }: Endpoint,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<Completion> {
  const body = { temperature: 0, logprobs: true, top_logprobs: TOP_TOKENS, ...request };
  const answer = await postJson(
    judge,
    { url: `${baseURL.replace(/\/+$/, '')}/chat/completions`, headers: { ...bearer(apiKey), ...headers }, ask },
    body,
    signal,
  );
  return completionOf(judge, answer);
}

const bearer = (apiKey: string | undefined): { readonly [name: string]: string } =>
  apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };

interface Post {
  readonly url: string;
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly ask?: typeof fetch | undefined;
}

/** Posts JSON and reads JSON. Throws a `JudgeError` that says whether asking again may help. */
export async function postJson(
  judge: string,
  { url, headers, ask = fetch }: Post,
  body: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    });
    text = await textOf(judge, response);
  } catch (error) {
    if (signal.aborted || error instanceof JudgeError) throw error;
    throw new JudgeError('JUDGE_UNREACHABLE', `judge \`${judge}\` is out of reach${reasonIn(error)}`, {
      failure: 'UNAVAILABLE',
      again: true,
      cause: error,
    });
  }
  if (!response.ok) throw refused(judge, response.status, response.headers.get('retry-after'));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badAnswer(judge, 'what is no JSON', error);
  }
}

/** Reads no more than a verdict can hold: an answer without an end must not fill the memory. */
async function textOf(judge: string, response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > MOST_BYTES) throw badAnswer(judge, 'more than a verdict can hold');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `ECONNREFUSED` and the like, from the cause of a `fetch` that failed. */
function reasonIn(error: unknown): string {
  const code = field(error)('cause', 'code');
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : '';
}

/**
 * What a status other than 2xx means. A server that is overloaded may be asked again; one that refuses the request may
 * not.
 */
export function refused(
  judge: string,
  status: number,
  retryAfter: string | null | undefined,
  cause?: unknown,
): JudgeError {
  const again = status === 408 || status === 425 || status === 429 || status >= 500;
  return new JudgeError('JUDGE_REFUSED', `judge \`${judge}\` answered with status ${status}${ADVICE[status] ?? ''}`, {
    failure: 'UNAVAILABLE',
    again,
    retryAfterMs: retryAfterMs(retryAfter),
    cause,
  });
}

const ADVICE: { readonly [status: number]: string } = {
  401: ': look at its key',
  403: ': look at what its key may do',
  404: ': look at its address, and at the name of its model',
  429: ': it is asked more often than it allows',
};

/** Seconds, or a date. */
function retryAfterMs(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function completionOf(judge: string, answer: unknown): Completion {
  const choice = field(list(field(answer, 'choices'))[0]);
  const text = choice('message', 'content');
  if (typeof text !== 'string') throw badAnswer(judge, 'without a message');
  if (choice('finish_reason') === 'length') throw badAnswer(judge, 'a verdict that was cut off');
  const tokens = list(choice('logprobs', 'content')).map((token): Token => {
    const read = field(token);
    const top = list(read('top_logprobs')).map((one): [string, number] => [
      String(field(one)('token')),
      Number(field(one)('logprob')),
    ]);
    return { text: String(read('token')), top: new Map(top) };
  });
  const usage = field(field(answer)('usage'));
  const [input, output] = [usage('prompt_tokens'), usage('completion_tokens')];
  return {
    text,
    tokens,
    usage:
      typeof input === 'number' && typeof output === 'number'
        ? { inputTokens: input, outputTokens: output }
        : undefined,
  };
}

function field(value: unknown, name: string): unknown;
function field(value: unknown): (...path: readonly string[]) => unknown;
function field(value: unknown, name?: string): unknown {
  const at = (from: unknown, step: string): unknown =>
    typeof from === 'object' && from !== null ? (from as { readonly [name: string]: unknown })[step] : undefined;
  if (name !== undefined) return at(value, name);
  return (...path: readonly string[]) => path.reduce(at, value);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * How probable `wanted` was against `other` where the first token stands that begins one of them. Words are compared
 * without blanks and case, since tokenisers put blanks in front. `undefined`: the server said nothing of it.
 */
function probabilityOf(tokens: readonly Token[], wanted: string, other: string, from = 0): number | undefined {
  const plain = (token: string): string => token.trim().toLowerCase();
  const begins = (token: string, word: string): boolean => token !== '' && word.startsWith(token);
  for (const { text, top } of tokens.slice(from)) {
    const said = plain(text);
    if (!begins(said, wanted) && !begins(said, other)) continue;
    let yes = 0;
    let no = 0;
    for (const [token, logprob] of top) {
      const word = plain(token);
      // A token that begins both says nothing.
      if (begins(word, wanted) && !begins(word, other)) yes += Math.exp(logprob);
      else if (begins(word, other) && !begins(word, wanted)) no += Math.exp(logprob);
    }
    if (yes + no > 0) return yes / (yes + no);
  }
  return undefined;
}

/** What is on the lines of an answer that are not empty. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Less than this for the verdict that was given, and the answer contradicts itself. */
const LEAST_OF_A_VERDICT = 0.25;

/**
 * The score of a verdict: how probable `wanted` was, or 1 and 0 where the server does not say. At temperature 0 a model
 * says what it holds more probable: a verdict that its own probabilities contradict is no answer, and throws.
 */
export function scoreOf(
  judge: string,
  tokens: readonly Token[],
  verdict: { readonly wanted: string; readonly other: string; readonly isWanted: boolean; readonly from?: number },
): number {
  const { wanted, other, isWanted, from } = verdict;
  const probability = probabilityOf(tokens, wanted, other, from);
  if (probability === undefined) return isWanted ? 1 : 0;
  if ((isWanted ? probability : 1 - probability) < LEAST_OF_A_VERDICT)
    throw badAnswer(judge, 'a verdict that its own probabilities contradict');
  return probability;
}
