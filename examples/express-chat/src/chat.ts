import type { LanguageModelV4 } from '@ai-sdk/provider';
import { govern } from '@flyball/ai-sdk';
import type { Governor } from '@flyball/core';
import { governance } from '@flyball/express';
import { isStepCount, pipeUIMessageStreamToResponse, streamText, toUIMessageStream } from 'ai';
import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import { conversationOf } from './conversation.ts';
import { overheard, withHeld, type Written } from './held.ts';
import { TENANT } from './operator.ts';
import { problem } from './problem.ts';
import type { Shop } from './shop.ts';
import { visitors } from './visitor.ts';

export interface ChatOptions {
  readonly governor: Governor;
  readonly model: LanguageModelV4;
  readonly shop: Shop;
  /** The policy for these requests. Absent: the governor's first. */
  readonly policy?: string;
}

const INSTRUCTIONS =
  'You are the support assistant of Acme, a shop for household goods. Look up orders and send refunds with your tools.';

/**
 * `POST /`: a conversation in, the assistant's answer out as an AI SDK UI message stream, governed on the way in and
 * out.
 */
export function chat({ governor, model, shop, policy }: ChatOptions): Router {
  const visitor = visitors();

  const answer: RequestHandler = async (req, res) => {
    // Read anew: governance may have edited the body.
    const { messages } = conversationOf(req.body);
    const written: Written = { text: '', reasoning: '' };
    const stream = withHeld((onDelta) => {
      const result = streamText({
        ...govern(governor, { model: overheard(model, written, onDelta), tools: shop.tools }),
        instructions: INSTRUCTIONS,
        messages,
        stopWhen: isStepCount(4),
        // A stop by the governor ends the stream by itself, and cleanly: only a reader who leaves aborts it.
        abortSignal: req.governance!.disconnected,
        onError: ({ error }) => console.error(error),
      });
      return toUIMessageStream({ stream: result.stream });
    }, written);
    await pipeUIMessageStreamToResponse({ response: res, stream });
  };

  const router = Router();
  // A new visitor: in a real application, somebody else who logs in.
  router.post('/visitor', json(), visitor.renew, (_req, res) => void res.json({}));
  router.post(
    '/',
    json({ limit: '256kb' }),
    isConversation,
    visitor.recognise,
    governance<Request, Response>({
      governor,
      ...(policy !== undefined && { policy }),
      subject: (req) => ({ tenant: TENANT, user: visitor.of(req) }),
    }),
    answer,
  );
  return router;
}

/** The same route without the two lines: what the left half of the page talks to. */
export function bareChat({ model, shop }: Pick<ChatOptions, 'model' | 'shop'>): Router {
  const answer: RequestHandler = async (req, res) => {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const result = streamText({
      model,
      tools: shop.tools,
      instructions: INSTRUCTIONS,
      messages: conversationOf(req.body).messages,
      stopWhen: isStepCount(4),
      abortSignal: gone.signal,
      onError: ({ error }) => console.error(error),
    });
    await pipeUIMessageStreamToResponse({ response: res, stream: toUIMessageStream({ stream: result.stream }) });
  };
  const router = Router();
  router.post('/', json({ limit: '256kb' }), isConversation, answer);
  return router;
}

const isConversation: RequestHandler = (req, res, next) => {
  const { wrong } = conversationOf(req.body);
  if (wrong === undefined) next();
  else problem(res, 400, 'Not a conversation', wrong);
};
