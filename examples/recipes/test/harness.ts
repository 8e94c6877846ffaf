import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createGovernor, type Governor } from '@flyball/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Ask } from '../src/ask.ts';

export const KEY = 'AKIAIOSFODNN7EXAMPLE';
const ADDRESS = 'bob@acme.example';
/** What every model here says: an address and a key, each cut in two. */
export const LEAK: readonly string[] = ['Write to bob@ac', 'me.example. ', 'The key is AKIAIOSF', 'ODNN7EXAMPLE.'];
export const PASSED = 'Write to [EMAIL]. The key is ';

export async function openGovernor(): Promise<Governor> {
  const file = fileURLToPath(new URL('../policy.yaml', import.meta.url));
  const governor = await createGovernor({ policy: { file } });
  onTestFinished(() => governor.close());
  return governor;
}

/** The address of a server on a free port, until the test is over. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Remembers what it was asked. */
export function leakyAsk(): { readonly ask: Ask; readonly asked: readonly string[] } {
  const asked: string[] = [];
  return {
    asked,
    async *ask(prompt) {
      asked.push(prompt);
      for (const piece of LEAK) {
        await new Promise((resolve) => setImmediate(resolve));
        yield piece;
      }
    },
  };
}

/** What a `POST /chat` with `{ prompt }` and an answer in plain text must do on every server. */
export function describeServer(name: string, start: (governor: Governor, ask: Ask) => Promise<string>): void {
  const open = async () => {
    const governor = await openGovernor();
    const { ask, asked } = leakyAsk();
    const origin = await start(governor, ask);
    const post = (prompt: string): Promise<Response> =>
      fetch(`${origin}/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': 'ada' },
        body: JSON.stringify({ prompt }),
      });
    return { governor, asked, post };
  };

  describe(name, () => {
    it('lets no part of a key out of a stream, and masks an address in place', async () => {
      const { post } = await open();
      const response = await post('How do I reach support?');
      expect(response.status).toBe(200);
      expect(await textUntilCut(response)).toBe(PASSED);
    });

    it('leaks both while governance is off: the control that lets the other tests fail', async () => {
      const { governor, post } = await open();
      await governor.control.setMode({}, 'off', { who: 'test', why: 'control' });
      expect(await (await post('How do I reach support?')).text()).toBe(LEAK.join(''));
    });

    it('answers a forbidden prompt with 403, and the handler does not run', async () => {
      const { asked, post } = await open();
      const response = await post('Is Project Nightjar real?');
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ reason: 'P_CODENAME' });
      expect(asked).toEqual([]);
    });

    it('gives the handler the prompt as the policy edited it', async () => {
      const { asked, post } = await open();
      await (await post(`I am ${ADDRESS}`)).text().catch(() => {});
      expect(asked).toEqual(['I am [EMAIL]']);
    });

    it('tells who asks too often when to come back', async () => {
      const { governor, post } = await open();
      for (let n = 0; n < 30; n++) {
        await governor.decide(governor.interaction({ tenant: 'acme', user: 'ada' }).event({ stage: 'input' }));
      }
      const response = await post('Hello');
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    });
  });
}

/** Plain text has no ending of its own: a stopped one breaks off, and what arrived until then counts. */
export async function textUntilCut(response: Response): Promise<string> {
  let text = '';
  try {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) text += piece;
  } catch {
    // Broken off on purpose.
  }
  return text;
}
