import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut, blocked and made long: what a network does. */
export interface Proxy {
  readonly url: string;
  /** Ends every connection, and refuses new ones until `open`. */
  cut(): Promise<void>;
  open(): Promise<void>;
  /** Connections stay open and nothing comes through, in either direction. */
  block(): void;
  /** New connections go to another server from now on. */
  turnTo(url: string): void;
  /** Each way takes so much longer. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** In front of the server that a URL names. */
export async function proxyTo(url: string): Promise<Proxy> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let blocked = false;
  let delayMs = 0;
  let server: Server | undefined;
  let port = 0;

  function pass(from: Socket, to: Socket): void {
    from.on('data', (data) => {
      if (blocked) return;
      if (delayMs === 0) to.write(data);
      else setTimeout(() => to.writable && to.write(data), delayMs);
    });
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  }

  async function open(): Promise<void> {
    const started = createServer((near) => {
      const far = connect(Number(target.port || 5432), target.hostname);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      }
      pass(near, far);
      pass(far, near);
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', resolve));
    const address = started.address();
    if (address !== null && typeof address === 'object') ({ port } = address);
  }

  async function cut(): Promise<void> {
    const stopping = server;
    server = undefined;
    const stopped = new Promise((resolve) => (stopping === undefined ? resolve(undefined) : stopping.close(resolve)));
    for (const socket of sockets) socket.destroy();
    blocked = false;
    await stopped;
  }

  await open();
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    url: through.href,
    cut,
    open,
    block: () => void (blocked = true),
    turnTo: (other) => void (target = new URL(other)),
    delay: (ms) => void (delayMs = ms),
    close: cut,
  };
}
