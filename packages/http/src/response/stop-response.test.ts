import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { createGovernor } from '@flyball/core';
import type { Mode } from '@flyball/core/adapter';
import { afterEach, describe, expect, it } from 'vitest';

import { gateResponse, stopResponse } from '../index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/**
 * A server whose handler writes two chunks of a completion and never ends; the response of each request, as it comes.
 */
async function serve(
  mode: Mode,
  handle: (res: ServerResponse) => void,
): Promise<{ port: number; responses: ServerResponse[] }> {
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      mode,
      detectors: [{ id: 'secret', phrases: ['secret plan'] }],
      rules: [{ id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' }],
    },
  });
  const responses: ServerResponse[] = [];
  const server = createServer((req, res) => {
    responses.push(res);
    gateResponse(req, res, { governor, interaction: governor.interaction({ tenant: 't' }), mode });
    handle(res);
  }).listen(0, '127.0.0.1');
  closing.push(
    () => governor.close(),
    () => server.close().closeAllConnections(),
  );
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: (server.address() as AddressInfo).port, responses };
}

const chunk = (content: string): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })}\n\n`;

function stream(res: ServerResponse): void {
  res.setHeader('Content-Type', 'text/event-stream');
  res.write(chunk('It left on'));
  res.write(chunk(' Monday, the secret'));
}

/** Ends when the connection does, however that is. */
const read = (response: IncomingMessage): Promise<string> =>
  text(response).catch((error: Error) => `broken off: ${error.message}`);

const ask = (port: number): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get({ port, agent: false }, resolve).once('error', reject));

describe('an answer that the application stops', () => {
  it.each(['enforce', 'shadow', 'off'] as const)(
    'ends as its protocol ends, without what was held: %s',
    async (mode) => {
      const { port, responses } = await serve(mode, stream);
      const response = await ask(port);
      const body = read(response);
      await expect(stopResponse(responses[0]!)).resolves.toBe(true);
      expect(await body).toMatch(/"finish_reason":"content_filter".*\n\ndata: \[DONE\]\n\n$/);
      expect((await body).includes('the secret')).toBe(mode !== 'enforce');
    },
  );

  it('that does not stream has its time, and is destroyed then', async () => {
    const { port, responses } = await serve('enforce', () => undefined);
    const asked = ask(port).catch((error: unknown) => error);
    while (responses.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await expect(stopResponse(responses[0]!, { within: 10 })).resolves.toBe(false);
    expect(await asked).toBeInstanceOf(Error);
  });

  it('whose client takes nothing is destroyed, whatever waits for it', async () => {
    const { port, responses } = await serve('off', (res) => {
      res.setHeader('Content-Type', 'text/event-stream');
      for (let at = 0; at < 2_000; at++) res.write(chunk(`word ${'x'.repeat(4_000)} `));
    });
    const socket = net.connect(port, '127.0.0.1').pause();
    closing.push(() => socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    while ((responses[0]?.socket?.writableLength ?? 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(stopResponse(responses[0]!, { within: 100 })).resolves.toBe(false);
    expect(responses[0]!.destroyed).toBe(true);
  });

  it('is over already where it has ended, and a bound that is none is refused', async () => {
    const { port, responses } = await serve('enforce', (res) => void res.end('{}'));
    await text(await ask(port));
    await expect(stopResponse(responses[0]!)).resolves.toBe(true);
    await expect(stopResponse(responses[0]!, { within: -1 })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  });
});
