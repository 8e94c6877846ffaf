import { setTimeout as sleep } from 'node:timers/promises';

import { createGovernor, defineDetector, type Governor } from '@flyball/core';
import express from 'express';
import { describe, expect, it } from 'vitest';

import { governance } from '../src/index.ts';
import { listen } from './harness.ts';
import { raw } from './raw-client.ts';

const subject = () => ({ tenant: 'acme' });

describe('a governor that is closed during an answer', () => {
  const slow = defineDetector({
    id: 'slow',
    version: '1',
    types: ['slow'],
    window: { size: 4, stride: 4 },
    async detect() {
      await sleep(600);
      return [];
    },
  });
  const judgedBy = (detect: string, on: 'output' | 'input' = 'output'): Promise<Governor> =>
    createGovernor({
      detectors: [slow],
      policy: {
        policy: 'p',
        version: 1,
        deadline: '2s',
        detectors: [{ use: 'pii' }],
        rules: [{ id: 'a', on, detect, then: 'block', reason: 'P_STOP' }],
      },
    });

  async function closedDuring(governor: Governor, type: string, part: (at: number) => string) {
    const app = express();
    app.use(governance({ governor, subject }));
    app.get('/', (_req, res) => {
      res.type(type);
      void (async () => {
        for (let at = 0; at < 6; at++) {
          res.write(part(at));
          if (at === 3) await governor.close();
          await sleep(30);
        }
        res.end('THE END');
      })();
    });
    await using server = await listen(app);
    return await raw(server.port, '/');
  }

  const text = (at: number) => `part ${at} of the answer. `;
  const event = (at: number) => `data: part ${at} of the answer. \n\n`;

  it('judged by patterns, plain text breaks off: a clean end would read as complete', async () => {
    const answer = await closedDuring(await judgedBy('pii.email'), 'text/plain', text);
    expect([answer.status, answer.complete, answer.timedOut]).toEqual([200, false, false]);
    expect(answer.body).toMatch(/^part 0 of/);
    expect(answer.body).not.toMatch(/part 5|THE END/);
  });

  it('judged by code that has not answered, nothing has left: it could not be evaluated', async () => {
    const answer = await closedDuring(await judgedBy('slow'), 'text/plain', text);
    const { type, reason } = JSON.parse(answer.body);
    expect([answer.status, type, reason]).toEqual([503, 'urn:flyball:problem:not-evaluated', 'FAILED_CLOSED']);
  });

  it('E5: events end as their protocol ends a cut answer, and say that it could not be evaluated', async () => {
    const answer = await closedDuring(await judgedBy('pii.email'), 'text/event-stream', event);
    expect([answer.status, answer.complete]).toEqual([200, true]);
    expect(answer.body).toMatch(
      /event: governance\ndata: \{"type":"urn:flyball:problem:not-evaluated".*"reason":"FAILED_CLOSED"/,
    );
    expect(answer.body).not.toContain('THE END');
  });

  it('what it does not govern goes on to its end', async () => {
    const answer = await closedDuring(await judgedBy('pii.email', 'input'), 'text/plain', text);
    expect([answer.complete, answer.body.endsWith('part 5 of the answer. THE END')]).toEqual([true, true]);
  });
});
