import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import express5 from 'express';
import express4 from 'express-4';

/** Both supported versions behind one type: what the tests use of them is the same. */
export const VERSIONS: readonly (readonly [name: string, express: typeof express5])[] = [
  ['Express 5', express5],
  ['Express 4', express4],
];

export interface Listening extends AsyncDisposable {
  readonly port: number;
}

export async function listen(app: express5.Express): Promise<Listening> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
