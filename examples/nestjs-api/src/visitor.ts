import { once } from 'node:events';

import { WebSocket } from 'ws';

interface Received {
  readonly event: string;
  readonly data: { readonly text?: string; readonly reason?: string };
}

/** Somebody who asks, in each of the three ways. Answers with what was received, as text. */
export function visitorAt(origin: string) {
  return {
    async ask(message: string): Promise<string> {
      const response = await fetch(`${origin}/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      });
      const body = (await response.json()) as { readonly text?: string; readonly reason?: string };
      return body.text ?? `${response.status} ${body.reason}`;
    },

    async stream(message: string): Promise<string> {
      const response = await fetch(`${origin}/chat/stream?message=${encodeURIComponent(message)}`);
      const events = (await response.text()).split('\n\n').filter((event) => event.includes('data: '));
      const datas = events.map(
        (event) => JSON.parse(/^data: (.*)$/m.exec(event)![1]!) as { text?: string; reason?: string },
      );
      return datas.map(({ text, reason }) => text ?? `[stopped: ${reason}]`).join('');
    },

    /** One question over a socket, until it says nothing more or is stopped. */
    async socket(message: string): Promise<string> {
      const socket = new WebSocket(origin.replace('http', 'ws'));
      await once(socket, 'open');
      let said = '';
      const over = new Promise<void>((resolve) => {
        socket.on('message', (received: Buffer) => {
          const { event, data } = JSON.parse(received.toString()) as Received;
          said += data.text ?? `[stopped: ${data.reason}]`;
          if (event === 'exception' || said.endsWith('.')) resolve();
        });
      });
      socket.send(JSON.stringify({ event: 'ask', data: { message } }));
      await over;
      socket.close();
      return said;
    },
  };
}
