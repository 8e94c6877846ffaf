// A stop is a refusal in LangChain's own terms: a standard block beside plain words.
import { HumanMessage, type AIMessage, type BaseMessage } from '@langchain/core/messages';
import { JsonOutputParser, StringOutputParser, StructuredOutputParser } from '@langchain/core/output_parsers';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governChatModel } from '../src/index.ts';
import { ADA, BLOCKING, governed, SECRET } from './harness.ts';
import { PROVIDERS, withGlobalFetch } from './wire/providers.ts';

const WORDS = 'This was stopped by policy.';
const TEXTS = ['It is TOP', 'SECRET, and more.'];

interface Refused {
  readonly message: AIMessage;
  readonly before: string;
}

/** A stop by each way in which an answer comes. */
const STOPS: { readonly [name: string]: (provider: (typeof PROVIDERS)[number]) => Promise<Refused> } = {
  'of a prompt': (provider) =>
    asked(provider, ['fine'], async (model) => ({ message: await model.invoke(SECRET), before: '' })),
  'of a whole answer': (provider) =>
    asked(provider, TEXTS, async (model) => ({ message: await model.invoke('hello'), before: '' })),
  'of a stream': (provider) =>
    asked(provider, TEXTS, async (model) => {
      let whole: { concat(other: never): unknown } | undefined;
      for await (const chunk of await model.stream('hello'))
        whole = (whole === undefined ? chunk : whole.concat(chunk as never)) as never;
      return { message: whole as unknown as AIMessage, before: 'It is ' };
    }),
  'of native events': (provider) =>
    asked(provider, TEXTS, async (model) => {
      const events = model.streamEvents('hello') as unknown as { readonly output: Promise<AIMessage> };
      return { message: await events.output, before: 'It is ' };
    }),
};

async function asked(
  { make }: (typeof PROVIDERS)[number],
  texts: readonly string[],
  ask: (model: ReturnType<(typeof PROVIDERS)[number]['make']>['model']) => Promise<Refused>,
): Promise<Refused> {
  const governor = await governed(BLOCKING);
  const { model, wire } = make(texts);
  const refused = await withGlobalFetch(wire.fetch, () => ask(governChatModel(model, { governor, subject: ADA })));
  await governor.close();
  return refused;
}

/**
 * LangChain reads no refusal of this class off its own messages, and the class takes back none with a block that it
 * does not know.
 */
const hasNoWord = (provider: string, stop: string): boolean =>
  provider === 'ChatGoogleGenerativeAI' && (stop === 'of a stream' || stop === 'of native events');

describe.each(PROVIDERS)('$name: a refusal', (provider) => {
  it.each(Object.entries(STOPS))(
    '%s says its words once, and has the standard block beside them',
    async (name, stop) => {
      const { message, before } = await stop(provider);
      expect(message.text).toContain(before);
      expect(message.text.split(WORDS)).toHaveLength(2);
      const blocks = message.contentBlocks.filter(({ type }) => type === 'refusal');
      expect(blocks).toMatchObject(hasNoWord(provider.name, name) ? [] : [{ refusal: WORDS }]);
    },
  );

  it.each(Object.entries(STOPS))('%s is no answer to a parser, and its error says what it is', async (name, stop) => {
    const { message } = await stop(provider);
    for (const parser of [new StructuredOutputParser(z.object({ answer: z.string() })), new JsonOutputParser()])
      await expect(parser.invoke(message)).rejects.toMatchObject(
        hasNoWord(provider.name, name) ? {} : { name: 'ModelRefusalError' },
      );
  });

  it.each(['of a prompt', 'of a whole answer'])('%s is words to who reads words', async (name) => {
    const { message } = await STOPS[name]!(provider);
    expect([message.content, await new StringOutputParser().invoke(message)]).toEqual([WORDS, WORDS]);
  });

  it.each(Object.entries(STOPS))('%s is taken back as history', async (name, stop) => {
    const { message } = await stop(provider);
    const history: BaseMessage[] = [new HumanMessage('hello'), message, new HumanMessage('and now?')];
    // What a provider has streamed besides is its own, and this class does not take even that back: only a whole
    // refusal goes everywhere.
    const whole = name === 'of a prompt' || name === 'of a whole answer';
    const readers = whole ? PROVIDERS : PROVIDERS.filter((one) => one === provider && !hasNoWord(one.name, name));
    for (const { make } of readers) {
      const { model, wire } = make(['fine']);
      const answer = await withGlobalFetch(wire.fetch, () => model.invoke(history));
      expect(answer.text).toContain('fine');
      expect(JSON.stringify(wire.requests[0]?.body)).toContain(WORDS);
    }
  });
});
