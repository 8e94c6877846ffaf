// What clients that people use make of governed answers: nothing here knows of governance but the server.
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import Anthropic from '@anthropic-ai/sdk';
import { DefaultChatTransport, type UIMessage } from 'ai';
import axios, { AxiosError } from 'axios';
import { EventSource } from 'eventsource';
import OpenAI from 'openai';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { PROMPTS, QUESTION, type Case } from './clients-scripts.ts';
import { halting as haltingOf, serveClients, type ClientsServer } from './clients-server.ts';

/** What a client saw: the text, and how it ended. */
interface Seen {
  readonly text: string;
  readonly end: unknown;
}

let served: ClientsServer;
let origin: string;
beforeAll(async () => {
  served = await serveClients();
  ({ origin } = served);
});
afterAll(() => served.close());
beforeEach(() => {
  served.state.user++;
  served.state.requests = 0;
});

const halting = <T>(which: Case, client: Promise<T>): Promise<T> => haltingOf(served, which, client);

const codeOf = (error: unknown): unknown => (error as { readonly status?: unknown }).status;

type Ask = (which: Case, prompt?: string) => Promise<Seen>;

const openai: Ask = async (which, prompt = QUESTION) => {
  const client = new OpenAI({ baseURL: `${origin}/${which}/v1`, apiKey: 'k' });
  const seen = { text: '', end: undefined as unknown };
  try {
    const stream = await client.chat.completions.create(
      { model: 'm', stream: true, messages: [{ role: 'user', content: prompt }] },
      { maxRetries: 0 },
    );
    for await (const { choices } of stream) {
      seen.text += choices[0]?.delta.content ?? '';
      seen.end = choices[0]?.finish_reason ?? seen.end;
    }
  } catch (error) {
    seen.end = codeOf(error);
  }
  return seen;
};

const anthropic: Ask = async (which, prompt = QUESTION) => {
  const client = new Anthropic({ baseURL: `${origin}/${which}`, apiKey: 'k', maxRetries: 0 });
  const seen = { text: '', end: undefined as unknown };
  try {
    const stream = client.messages.stream({
      model: 'm',
      max_tokens: 100,
      messages: [{ role: 'user', content: prompt }],
    });
    stream.on('text', (text) => void (seen.text += text));
    seen.end = (await stream.finalMessage()).stop_reason;
  } catch (error) {
    seen.end = codeOf(error);
  }
  return seen;
};

const aiTransport: Ask = async (which, prompt = QUESTION) => {
  const transport = new DefaultChatTransport<UIMessage>({ api: `${origin}/${which}/ui` });
  const seen = { text: '', end: undefined as unknown };
  try {
    const messages: UIMessage[] = [{ id: 'a', role: 'user', parts: [{ type: 'text', text: prompt }] }];
    const chunks = await transport.sendMessages({
      trigger: 'submit-message',
      chatId: 'c',
      messageId: undefined,
      abortSignal: undefined,
      messages,
    });
    const types: string[] = [];
    for await (const chunk of chunks) {
      if (chunk.type === 'text-delta') seen.text += chunk.delta;
      types.push(chunk.type);
    }
    seen.end = types.filter((type) => type === 'data-governance' || type === 'finish').join(' ');
  } catch (error) {
    seen.end = /"status":(\d+)/.exec(
      (error as Error).message + String((error as { responseBody?: unknown }).responseBody),
    )?.[1];
    seen.end = Number(seen.end);
  }
  return seen;
};

/** What a client of lines sees, which are read by nobody but the application. */
async function readLines(status: number, body: AsyncIterable<Uint8Array | string>): Promise<Seen> {
  const seen = { text: '', end: 'over' as unknown };
  if (status !== 200) return { ...seen, end: status };
  let all = '';
  for await (const chunk of body) all += String(chunk);
  for (const line of all.trimEnd().split('\n')) {
    const { text, governance } = JSON.parse(line) as { text?: string; governance?: object };
    seen.text += text ?? '';
    if (governance !== undefined) seen.end = 'stopped';
  }
  return seen;
}

const undiciLines: Ask = async (which, prompt = QUESTION) => {
  const { statusCode, body } = await request(`${origin}/${which}/lines`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt }),
  });
  return readLines(statusCode, body);
};

const axiosLines: Ask = async (which, prompt = QUESTION) => {
  const { status, data } = await axios.post<Readable>(
    `${origin}/${which}/lines`,
    { prompt },
    { responseType: 'stream', validateStatus: () => true },
  );
  return readLines(status, data);
};

/** How a stream ends that was stopped in the middle, and one that a halt ended, as each client tells it. */
const STREAMING: readonly (readonly [
  name: string,
  ask: Ask,
  ends: { readonly ok: unknown; readonly stopped: unknown },
])[] = [
  ['openai', openai, { ok: 'stop', stopped: 'content_filter' }],
  ['@anthropic-ai/sdk', anthropic, { ok: 'end_turn', stopped: 'refusal' }],
  ['ai (DefaultChatTransport)', aiTransport, { ok: 'finish', stopped: 'data-governance finish' }],
  ['undici, lines', undiciLines, { ok: 'over', stopped: 'stopped' }],
  ['axios, lines', axiosLines, { ok: 'over', stopped: 'stopped' }],
];

describe.each(STREAMING)('%s', (_, ask, { ok, stopped }) => {
  it('reads what is allowed', async () => {
    expect(await ask('allowed')).toEqual({ text: 'It left on Monday.', end: ok });
  });

  it('reads a mask, wherever the pieces were cut', async () => {
    expect(await ask('masked')).toEqual({ text: 'Card [x] is yours.', end: ok });
  });

  it('is refused before the model speaks, once', async () => {
    expect(await ask('allowed', PROMPTS.blocked)).toEqual({ text: '', end: 403 });
    expect(served.state.requests).toBe(1);
  });

  it('keeps what it had when the answer is stopped in the middle, and sees that it was', async () => {
    expect(await ask('middle')).toEqual({ text: 'It is the ', end: stopped });
  });

  it('keeps what it had when an operator halts everything, and sees that it was', async () => {
    expect(await halting('halted', ask('halted'))).toEqual({ text: 'It left on', end: stopped });
  });

  it('is told to wait while it is cooled down', async () => {
    expect(await ask('allowed', PROMPTS.cooled)).toEqual({ text: '', end: 429 });
    expect(await ask('allowed')).toEqual({ text: '', end: 429 });
  });
});

describe('eventsource', () => {
  const listen = async (which: Case, question = QUESTION): Promise<readonly unknown[]> => {
    const source = new EventSource(`${origin}/${which}/events?${new URLSearchParams({ question }).toString()}`);
    const seen: unknown[] = [];
    source.addEventListener(
      'message',
      (event) => void seen.push((JSON.parse(event.data) as { text?: string }).text ?? 'over'),
    );
    await new Promise<void>((resolve) => {
      source.addEventListener('governance', (event) => {
        seen.push((JSON.parse(event.data) as { reason: string }).reason);
        resolve();
      });
      source.addEventListener('error', (event) => {
        if (event.code !== undefined) seen.push(event.code);
        resolve();
      });
    });
    await sleep(50);
    source.close();
    return seen;
  };

  it('reads what is allowed, masked, refused and stopped, and does not ask again after a stop', async () => {
    expect(await listen('allowed')).toEqual(['It left', ' on', ' Monday.', 'over']);
    expect(await listen('masked')).toEqual(['Card ', '[x]', ' ', 'is yours.', 'over']);
    served.state.requests = 0;
    expect(await listen('allowed', PROMPTS.blocked)).toEqual([403]);
    expect(await listen('allowed', PROMPTS.cooled)).toEqual([429]);
    expect(await listen('allowed')).toEqual([429]);
    expect(served.state.requests).toBe(3);
    served.state.user++;
    served.state.requests = 0;
    expect(await listen('middle')).toEqual(['It is ', 'the ', 'P_SECRET']);
    expect(await halting('halted', listen('halted'))).toEqual(['It left', ' on', 'HALTED']);
    expect(served.state.requests).toBe(2);
  });
});

/** Answers in one piece: status, and the answer or the reason. */
const WHOLE: readonly (readonly [name: string, ask: (which: Case, prompt: string) => Promise<readonly unknown[]>])[] = [
  [
    'undici',
    async (which, prompt) => {
      const { statusCode, body, headers } = await request(`${origin}/${which}/json`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ prompt }),
      });
      const read = (await body.json()) as { answer?: string; reason?: string };
      return [statusCode, read.answer ?? read.reason, headers['retry-after']];
    },
  ],
  [
    'axios',
    async (which, prompt) => {
      type Read = { answer?: string; reason?: string };
      const answer = await axios.post<Read>(`${origin}/${which}/json`, { prompt }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(AxiosError);
        return (error as AxiosError<Read>).response!;
      });
      return [answer.status, answer.data.answer ?? answer.data.reason, answer.headers['retry-after']];
    },
  ],
];

describe.each(WHOLE)('%s', (_, ask) => {
  it('reads what is allowed and masked, and the reason of what is not', async () => {
    expect(await ask('allowed', QUESTION)).toEqual([200, 'It left on Monday.', undefined]);
    expect(await ask('masked', QUESTION)).toEqual([200, 'Card [x] is yours.', undefined]);
    expect(await ask('allowed', PROMPTS.blocked)).toEqual([403, 'P_SECRET', undefined]);
    expect(await ask('middle', QUESTION)).toEqual([403, 'P_SECRET', undefined]);
    expect(await ask('allowed', PROMPTS.cooled)).toEqual([429, 'P_ABUSE', '60']);
    const [status, reason] = await ask('allowed', QUESTION);
    expect([status, reason]).toEqual([429, 'COOLDOWN_ACTIVE']);
    await served.governor.control.halt({ tenant: 't' }, { who: 'ada', why: 'drill' });
    const halted = await ask('allowed', QUESTION);
    await served.governor.control.resume({ tenant: 't' }, { who: 'ada', why: 'over' });
    expect(halted).toEqual([403, 'HALTED', undefined]);
  });
});
