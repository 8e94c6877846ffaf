import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Governor } from '@flyball/core';
import { governance } from '@flyball/express';
import express, { type Express } from 'express';
import { subjectOf } from './ask.ts';

/** A route in front of a provider: clients give its address as their base URL, and know nothing of governance. */
export function proxyApp(governor: Governor, provider: string, apiKey: string): Express {
  const app = express();
  app.use(express.json({ limit: '4mb' }));
  app.use(governance({ governor, subject: (req) => subjectOf(req.headers) }));

  // OpenAI chat completions and responses, Anthropic messages.
  app.post(['/v1/chat/completions', '/v1/responses', '/v1/messages'], async (req, res) => {
    const upstream = await fetch(new URL(req.path, provider), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'x-api-key': apiKey,
        'anthropic-version': req.get('anthropic-version') ?? '2023-06-01',
      },
      body: JSON.stringify(req.body),
      // Ends the provider's work when the answer was stopped.
      signal: req.governance!.signal,
    });
    res.status(upstream.status).type(upstream.headers.get('content-type') ?? 'application/json');
    if (upstream.body === null) return void res.end();
    await pipeline(Readable.fromWeb(upstream.body as ReadableStream), res).catch(() => res.end());
  });
  return app;
}
