// A server of a judge on loopback, that speaks the real protocol and does what a test tells it to.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What the judges of this package ask with. */
export interface AskedBody {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly input?: readonly string[];
  readonly [field: string]: unknown;
}

export type Behaviour = (
  request: { readonly url: string; readonly body: AskedBody },
  response: ServerResponse,
  call: number,
) => unknown;

export interface JudgeServer {
  readonly url: string;
  /** Bodies it was asked with, in order. */
  readonly asked: AskedBody[];
  /** Calls whose connection was closed before an answer. */
  readonly left: () => number;
  behave: Behaviour;
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

export async function judgeServer(behave: Behaviour): Promise<JudgeServer> {
  const asked: AskedBody[] = [];
  let left = 0;
  const judge = { behave };
  const server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const body = JSON.parse(text) as AskedBody;
      asked.push(body);
      response.on('close', () => {
        if (!response.writableFinished) left++;
      });
      judge.behave({ url: request.url!, body }, response, asked.length);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(judge, { url, asked, left: () => left });
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

interface Said {
  /** By token, alternatives with their probabilities. */
  readonly tokens?: readonly (readonly [token: string, top: { readonly [token: string]: number }])[];
  readonly finish?: string;
}

/** An answer of `/chat/completions`. */
export function completion(text: string, { tokens, finish = 'stop' }: Said = {}): object {
  return {
    id: 'c',
    object: 'chat.completion',
    created: 0,
    model: 'm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text },
        finish_reason: finish,
        logprobs:
          tokens === undefined
            ? null
            : {
                content: tokens.map(([token, top]) => ({
                  token,
                  logprob: Math.log(top[token] ?? 0.5),
                  top_logprobs: Object.entries(top).map(([other, share]) => ({
                    token: other,
                    logprob: Math.log(share),
                  })),
                })),
              },
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 },
  };
}
