// Loaded into a foreign test suite (`node --import`): governance stands in front of every HTTP server that the suite makes.
// FLYBALL_SUITE_MODE: `off`; `shadow`, under a policy that blocks everything; `enforce`, under one that matches nothing.
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

import { createGovernor, type PolicyDocument } from '@flyball/core';
import { governance } from '@flyball/express';

const mode = process.env['FLYBALL_SUITE_MODE'] as 'off' | 'shadow' | 'enforce';

const NOTHING: PolicyDocument = {
  policy: 'nothing',
  version: 1,
  mode,
  detectors: [{ id: 'never', phrases: ['\u2603 this stands in no suite \u2603'] }],
  rules: [{ id: 'never', on: ['input', 'output'], detect: 'never', then: 'block', reason: 'P_NEVER' }],
};
const EVERYTHING: PolicyDocument = {
  policy: 'everything',
  version: 1,
  mode,
  default: 'block',
  rules: [{ id: 'all', on: ['input', 'output'], then: 'block', reason: 'P_ALL' }],
};

const governor = await createGovernor({ policy: mode === 'enforce' ? NOTHING : EVERYTHING });
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

const { createServer } = http;
http.createServer = ((...args: unknown[]) =>
  Reflect.apply(
    createServer,
    http,
    args.map((arg) => (typeof arg === 'function' ? governed(arg as RequestListener) : arg)),
  )) as typeof createServer;
syncBuiltinESMExports();
