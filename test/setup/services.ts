import { connect } from 'node:net';

/** A server that some tests need and that may or may not run on this machine. */
export interface Service {
  readonly name: string;
  /** Environment variable that says where it is. */
  readonly variable: string;
  readonly url: string;
  readonly answers: boolean;
}

interface Probe {
  readonly name: string;
  readonly variable: string;
  readonly fallback: string;
  readonly port: number;
  /** First bytes to say, and what the first byte of an answer looks like. */
  readonly hello: Buffer;
  readonly answer: RegExp;
}

const PROBES: readonly Probe[] = [
  {
    name: 'Redis',
    variable: 'REDIS_URL',
    fallback: 'redis://127.0.0.1:6379',
    port: 6379,
    hello: Buffer.from('PING\r\n'),
    answer: /^[+-]/,
  },
  {
    name: 'Postgres',
    variable: 'DATABASE_URL',
    fallback: 'postgres://127.0.0.1:5432',
    port: 5432,
    // An SSLRequest: every Postgres answers it with one byte before any log-in.
    hello: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]),
    answer: /^[SN]/,
  },
];

/** Asks each service whether it is there: one connection, one message, at most half a second. */
export function findServices(env: NodeJS.ProcessEnv = process.env): Promise<readonly Service[]> {
  return Promise.all(
    PROBES.map(async (probe) => {
      const url = env[probe.variable] ?? probe.fallback;
      return { name: probe.name, variable: probe.variable, url, answers: await answers(url, probe) };
    }),
  );
}

function answers(url: string, probe: Probe): Promise<boolean> {
  if (!URL.canParse(url)) return Promise.resolve(false);
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: port === '' ? probe.port : Number(port) });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('connect', () => socket.write(probe.hello));
    socket.once('data', (data) => settle(probe.answer.test(data.toString('latin1'))));
  });
}
