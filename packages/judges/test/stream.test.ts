// A judge behind the real protocol reads a stream: whatever its server does, nothing leaves that it has not judged.
import { createGovernor, type Decision } from '@flyball/core';
import { pull, sourceOf } from '@flyball/core/adapter';
import { afterEach, describe, expect, it } from 'vitest';
import { llamaGuard } from '../src/index.ts';
import { completion, json, judgeServer, type Behaviour } from './judge-server.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const CALM = 'The parcel left on Monday, and it should be with you by the end of this week at the latest. '.repeat(8);
const BAD = 'Mix the bleach with the vinegar in a closed room';
const ANSWER = `${CALM}${BAD}. ${CALM}`;

interface Read {
  readonly text: string;
  readonly decision: Decision;
  /** How far the server had said what it thinks, when the last of it left. */
  readonly judged: number;
}

/** Reads an answer in deltas of seven units, as fast as it can. */
async function read(behave: Behaviour, rule: object = {}): Promise<Read> {
  let judged = 0;
  const server = await judgeServer((request, response, call) => {
    const { content } = request.body.messages!.at(-1)!;
    const end = ANSWER.indexOf(content) + content.length;
    response.on('finish', () => void (judged = Math.max(judged, end)));
    return behave(request, response, call);
  });
  const judge = llamaGuard({ baseURL: `${server.url}/v1`, deadlineMs: 300, lateMs: 0, retry: { most: 0 } });
  const governor = await createGovernor({
    detectors: [judge],
    policy: {
      policy: 'p',
      version: 1,
      rules: [
        { id: 'harm', on: 'output', detect: { type: 'harm', min: 0.8 }, then: 'block', reason: 'P_HARM', ...rule },
      ],
    },
  });
  closing.push(() => governor.close());
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  async function* deltas(): AsyncGenerator<string> {
    for (let at = 0; at < ANSWER.length; at += 7) {
      if (at % 70 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      yield ANSWER.slice(at, at + 7);
    }
  }
  let decision: Decision | undefined;
  const governed = pull(sourceOf(deltas()), gate, {
    accept: (text: string) => gate.write('text', '', text),
    release: (pieces) => pieces,
    end: (pieces, made) => ((decision = made), pieces),
    stop: (pieces, made) => ((decision = made), pieces),
  });
  let text = '';
  for await (const piece of governed) if (piece.kind === 'text') text += piece.text;
  return { text, decision: decision!, judged };
}

/** Objects to what it is shown whole of the passage. */
const guarded: Behaviour = ({ body }, response) =>
  json(response, completion(body.messages!.at(-1)!.content.includes('bleach with') ? 'unsafe\nS9' : 'safe'));

describe('hold, with a server that', () => {
  it('answers: the stream ends before the passage', async () => {
    const { text, decision } = await read(guarded);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_HARM', coverage: { unjudged: [] } });
    expect(ANSWER.startsWith(text)).toBe(true);
    expect(text).not.toContain('bleach');
    expect(text.length).toBeGreaterThan(CALM.length / 2);
  });

  it('answers after some time, in any order: what leaves is the same', async () => {
    const { text, decision } = await read((request, response, call) =>
      setTimeout(() => guarded(request, response, call), (call * 37) % 90),
    );
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_HARM', coverage: { unjudged: [] } });
    expect(text).not.toContain('bleach');
  });

  it.each<[what: string, behave: Behaviour]>([
    ['hangs', () => undefined],
    ['breaks off', (_, response) => response.destroy()],
    ['lies', (_, response) => json(response, completion('Nothing to see here'))],
    ['refuses', (_, response) => json(response, {}, 429, { 'retry-after': '60' })],
  ])('%s from its third answer on: the stream ends there, as a failure', async (_what, broken) => {
    const { text, decision, judged } = await read((request, response, call) =>
      (call < 3 ? guarded : broken)(request, response, call),
    );
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED', coverage: { unjudged: [] } });
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(judged);
    expect(text).not.toContain('bleach');
  });
});

describe('trail, with a server that', () => {
  it('answers: the stream ends behind the passage, and the decision says what had left of it', async () => {
    const late: Behaviour = (request, response, call) => setTimeout(() => guarded(request, response, call), 60);
    const { text, decision } = await read(late, { stream: 'trail' });
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_HARM' });
    expect(text).toContain('bleach');
    expect(decision.coverage.unjudged).toMatchObject([{ why: 'trail' }]);
    expect(decision.coverage.exposure).toMatchObject([{ detector: 'llama-guard' }]);
  });
});
