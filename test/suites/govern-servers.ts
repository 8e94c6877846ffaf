// Loaded into a foreign test suite (`node --import`): governance stands in front of every HTTP server that the suite
// makes. FLYBALL_SUITE_MODE: `off`; `shadow`, under a policy that blocks everything; `enforce`, under one that matches
// nothing. FLYBALL_SUITE_BEHIND: a folder whose middleware governance stands behind, in place of the servers.
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createRequire, syncBuiltinESMExports } from 'node:module';

import { createGovernor } from '@flyball/core';
import { governance } from '@flyball/express';

import { policyFor, type SuiteMode } from './policies.ts';

const governor = await createGovernor({ policy: policyFor(process.env['FLYBALL_SUITE_MODE'] as SuiteMode) });
const layer = governance({
  governor,
  subject: () => ({ tenant: 'suite' }),
  // It stands in front of parsers and of compression: what it cannot read there is none of the suite's business.
  onUnparsed: 'pass',
  response: { opaque: 'pass' },
  onWarning: () => undefined,
});

function governed(listener: RequestListener): RequestListener {
  return function govern(this: Server, req: IncomingMessage, res: ServerResponse) {
    layer(req, res, (error) => {
      if (error !== undefined) throw error as Error;
      listener.call(this, req, res);
    });
  };
}

function governServers(): void {
  const { createServer } = http;
  http.createServer = ((...args: unknown[]) =>
    Reflect.apply(
      createServer,
      http,
      args.map((arg) => (typeof arg === 'function' ? governed(arg as RequestListener) : arg)),
    )) as typeof createServer;
  syncBuiltinESMExports();
}

type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** Every middleware that the module in this folder makes hands on to governance. */
function governBehind(folder: string): void {
  const require = createRequire(import.meta.url);
  const file = require.resolve(folder);
  const make = require(file) as (...args: unknown[]) => Middleware;
  require.cache[file]!.exports = new Proxy(make, {
    apply(target, self, args: unknown[]): Middleware {
      const own = Reflect.apply(target, self, args);
      return (req, res, next) => own(req, res, (error) => (error === undefined ? layer(req, res, next) : next(error)));
    },
  });
}

const behind = process.env['FLYBALL_SUITE_BEHIND'];
if (behind === undefined) governServers();
else governBehind(behind);
