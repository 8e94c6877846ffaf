// The real classes of the providers, each over a fake endpoint.
import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { ChatGoogle } from '@langchain/google';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOpenAI } from '@langchain/openai';
import { anthropic } from './anthropic.ts';
import { wire, type Data, type Reply, type Wire } from './fetch.ts';
import { google } from './google.ts';
import { openaiChat, type ChatAnswer } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';

export interface Provider {
  readonly name: string;
  /** A model that answers with these texts, in a request of its own each time. */
  make(texts: readonly string[]): { readonly model: BaseChatModel; readonly wire: Wire };
}

const streams = ({ stream }: Data, url: string): boolean => stream === true || url.includes('stream');

function over(
  answer: (body: Data, url: string) => Reply,
  make: (wire: Wire) => BaseChatModel,
): ReturnType<Provider['make']> {
  const endpoint = wire(answer);
  return { model: make(endpoint), wire: endpoint };
}

/** `ChatOpenAI` over Chat Completions, answering what is given, the last answer again and again. */
export function chatOpenAI(
  answers: readonly ChatAnswer[],
  more: object = {},
): { readonly model: ChatOpenAI; readonly wire: Wire } {
  const endpoint = wire((body, url, asked) =>
    openaiChat({ id: `cc${asked}`, ...answers[Math.min(asked, answers.length - 1)] }, streams(body, url)),
  );
  return { model: openaiOver(endpoint, more), wire: endpoint };
}

const openaiOver = (endpoint: Wire, more: object = {}): ChatOpenAI =>
  new ChatOpenAI({
    model: 'gpt-x',
    apiKey: 'k',
    maxRetries: 0,
    logprobs: true,
    configuration: { fetch: endpoint.fetch },
    ...more,
  });

/** The SDK takes no `fetch` of its own. */
export async function withGlobalFetch<T>(fake: typeof fetch, run: () => Promise<T>): Promise<T> {
  const before = globalThis.fetch;
  globalThis.fetch = fake;
  try {
    return await run();
  } finally {
    globalThis.fetch = before;
  }
}

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'ChatOpenAI (completions)',
    make: (texts) =>
      over(
        (body, url) =>
          openaiChat(
            { texts, reasoning: 'M-RC', call: { name: 'send', args: '{"to":"M-CCARGS"}' } },
            streams(body, url),
          ),
        openaiOver,
      ),
  },
  {
    name: 'ChatOpenAI (responses)',
    make: (texts) =>
      over(
        (body, url) => openaiResponses(texts, streams(body, url)),
        (endpoint) => openaiOver(endpoint, { useResponsesApi: true, logprobs: undefined }),
      ),
  },
  {
    name: 'ChatAnthropic',
    make: (texts) =>
      over(
        (body, url) => anthropic(texts, streams(body, url)),
        (endpoint) =>
          new ChatAnthropic({
            model: 'claude-x',
            apiKey: 'k',
            maxRetries: 0,
            clientOptions: { fetch: endpoint.fetch },
          }),
      ),
  },
  {
    name: 'ChatGoogleGenerativeAI',
    make: (texts) =>
      over(
        (body, url) => google(texts, streams(body, url)),
        () => new ChatGoogleGenerativeAI({ model: 'gemini-x', apiKey: 'k', maxRetries: 0 }),
      ),
  },
  {
    name: 'ChatGoogle',
    make: (texts) =>
      over(
        (body, url) => google(texts, streams(body, url)),
        () => new ChatGoogle({ model: 'gemini-x', apiKey: 'k', maxRetries: 0 }),
      ),
  },
];
