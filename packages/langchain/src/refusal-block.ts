// The standard `refusal` content block of a stop, told in the words from which `contentBlocks` reads it. Pure.

/** Fields of a message besides its text. */
export interface RefusalFields {
  readonly additional_kwargs?: { readonly [key: string]: unknown };
  readonly response_metadata?: { readonly [key: string]: unknown };
}

type Tell = (words: string) => RefusalFields;

const asOpenAI: Tell = (words) => ({ additional_kwargs: { refusal: words } });
const asGoogle: Tell = (words) => ({ response_metadata: { finishReason: 'BLOCKLIST', finishMessage: words } });

/** What each provider says where its own model refuses, by the name under which LangChain knows the provider. */
const TELL: { readonly [provider: string]: Tell } = {
  openai: asOpenAI,
  anthropic: (words) => ({
    response_metadata: { stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: words } },
  }),
  google: asGoogle,
};

/**
 * Parsers read the block off `contentBlocks` and throw LangChain's `ModelRefusalError`, which nothing retries, where
 * they would choke on words. A block in `content` itself would do the same, but several providers reject it when the
 * message comes back as history, and so does `StringOutputParser`: the text stays plain.
 *
 * `provider` is the message's `model_provider`, from which LangChain chooses how it is read; where there is none, it is
 * read like OpenAI's. A provider that has no word for a refusal gets none.
 */
export function refusalBlock(provider: unknown, words: string): RefusalFields {
  if (typeof provider !== 'string') return { ...asOpenAI(words), response_metadata: { model_provider: 'openai' } };
  const tell = Object.hasOwn(TELL, provider) ? TELL[provider] : undefined;
  return tell?.(words) ?? {};
}
