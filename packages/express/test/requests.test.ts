import { Buffer } from 'node:buffer';

import type { PolicyDocument } from '@flyball/core';
import { describe, expect, it } from 'vitest';

import { governance, type GovernanceOptions, type GovernanceWarning } from '../src/index.ts';
import { governorWith, listen, VERSIONS } from './harness.ts';
import { raw, type RawRequest } from './raw-client.ts';

const post = (body: unknown, type = 'application/json'): RawRequest => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'Content-Type': type },
});

describe.each(VERSIONS)('what is judged of a request under %s', (_, express) => {
  async function served(options: Partial<GovernanceOptions> = {}, policy: Partial<PolicyDocument> = {}) {
    const recorded = await governorWith(policy);
    const warnings: GovernanceWarning[] = [];
    const app = express();
    app.use(express.json(), express.urlencoded({ extended: true }), express.raw({ type: 'application/x-bytes' }));
    const govern = governance({
      governor: recorded.governor,
      subject: () => ({ tenant: 'acme', user: 'u' }),
      onWarning: (warning) => void warnings.push(warning),
      ...options,
    });
    app.get('/items/:id', govern, (req, res) => void res.json({ id: req.params['id'] }));
    app.use(govern);
    app.use((req, res) => void res.send(Buffer.isBuffer(req.body) ? req.body : JSON.stringify(req.body ?? null)));
    const server = await listen(app);
    return { ...recorded, warnings, server };
  }

  it('a form that is no prompt is stopped by rules that stop, and reaches its handler as it came under rules that redact', async () => {
    const { server, warnings, decisions } = await served({ response: false });
    await using _ = server;
    const form = { user: 'ada', card: '4111', note: { text: 'x 4111' } };
    expect(JSON.parse((await raw(server.port, '/login', post(form))).body)).toEqual(form);
    expect(decisions.at(-1)!.decision).toMatchObject({ outcome: 'ALLOW', edits: [] });
    expect(decisions.at(-1)!.decision.notApplied!.map(({ segment }) => segment)).toEqual([
      'body.card',
      'body.note.text',
    ]);
    expect((await raw(server.port, '/login', post({ user: 'the secret plan' }))).status).toBe(403);
    expect(
      (await raw(server.port, '/login', post('a=the+secret+plan', 'application/x-www-form-urlencoded'))).status,
    ).toBe(403);

    // Once per route, and it names the option.
    await raw(server.port, '/login', post(form));
    await raw(server.port, '/other', post(form));
    expect(warnings.map(({ code }) => code)).toEqual(['FLYBALL_NOT_REDACTED', 'FLYBALL_NOT_REDACTED']);
    expect(warnings[0]!.message).toContain('unknown: "redact"');
    expect(warnings[1]!.message).toContain('`/other`');
  });

  it('`unknown` says what becomes of it: rewritten, refused, or not read', async () => {
    const form = { note: 'pay 4111' };
    const answers = async (unknown: NonNullable<GovernanceOptions['unknown']>, body: unknown) => {
      const { server, warnings } = await served({ unknown, response: false });
      await using _ = server;
      const { status, body: text } = await raw(server.port, '/', post(body));
      return [status, status === 200 ? JSON.parse(text) : JSON.parse(text).reason, ...warnings.map(({ code }) => code)];
    };
    expect(await answers('redact', form)).toEqual([200, { note: 'pay [x]' }]);
    expect(await answers('refuse', form)).toEqual([503, 'FAILED_CLOSED']);
    expect(await answers('refuse', { prompt: 'pay 4111', model: 'm' })).toEqual([
      200,
      { prompt: 'pay [x]', model: 'm' },
    ]);
    expect(await answers('refuse', {})).toEqual([200, {}]);
    expect(await answers('ignore', { note: 'the secret plan' })).toEqual([
      200,
      { note: 'the secret plan' },
      'FLYBALL_NO_PROMPT',
    ]);
    expect(await answers('ignore', { prompt: 'the secret plan' })).toEqual([403, 'P_SECRET']);
  });

  it('a body of a type that no parser reads is not parsed, whatever stands in `req.body`', async () => {
    const { server, warnings } = await served();
    await using _ = server;
    expect((await raw(server.port, '/', post('the secret plan', 'text/x-unknown'))).status).toBe(503);
    expect(warnings.map(({ code }) => code)).toEqual(['FLYBALL_BODY_NOT_PARSED']);
    // These are parsed, and empty.
    expect((await raw(server.port, '/', post('{}'))).status).toBe(200);
    expect((await raw(server.port, '/', post('{ \n }'))).status).toBe(200);
    expect((await raw(server.port, '/', { method: 'POST' })).status).toBe(200);
  });

  it('bytes that hold text are judged as that, with the escapes of JSON decoded, and never rewritten', async () => {
    const { server, decisions } = await served();
    await using _ = server;
    const ask = (body: string) => raw(server.port, '/', post(body, 'application/x-bytes'));
    expect((await ask('the secret plan')).status).toBe(403);
    expect((await ask('{"a":"the secret pl\\u0061n"}')).status).toBe(403);
    const webhook = '{"prompt":"pay 4111 "}';
    const { server: asked } = await served({ response: false });
    await using __ = asked;
    expect((await raw(asked.port, '/', post(webhook, 'application/x-bytes'))).body).toBe(webhook);
    await raw(server.port, '/', { ...post('\u00ff\u00fe'), headers: { 'Content-Type': 'application/x-bytes' } });
    expect(decisions.length).toBeGreaterThan(0);
    // UTF-16 of letters is UTF-8 too, with a zero behind each: it is no text that anybody has read.
    const before = decisions.length;
    await raw(server.port, '/', {
      ...post(Buffer.from('the secret plan', 'utf16le').toString('latin1')),
      headers: { 'Content-Type': 'application/x-bytes' },
    });
    expect(decisions.slice(before).map(({ decision }) => decision.coverage.media)).toContain(1);
  });

  it('parameters of the path are judged, where the route is known and where it is not', async () => {
    const { server, events } = await served();
    await using _ = server;
    expect((await raw(server.port, '/items/the%20secret%20plan')).status).toBe(403);
    expect((await raw(server.port, '/any/the%20secret%20plan')).status).toBe(403);
    expect((await raw(server.port, '/items/book')).status).toBe(200);
    expect(
      events.filter(({ stage }) => stage === 'input').map(({ content }) => content.map(({ path }) => path)),
    ).toEqual([['params.id'], ['path[2]'], ['params.id']]);
  });

  it('media are counted, not cut by `maxInput`, and refused where the policy says so', async () => {
    const url = `data:image/png;base64,${Buffer.alloc(6000, 1).toString('base64')}`;
    const body = { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] };
    const { server, decisions } = await served({ response: false }, { maxInput: 1000 });
    await using _ = server;
    expect((await raw(server.port, '/', post(body))).status).toBe(200);
    expect(decisions.at(-1)!.decision.coverage.media).toBe(1);
    const { server: strict } = await served({}, { media: 'block' });
    await using __ = strict;
    const refused = await raw(strict.port, '/', post(body));
    expect([refused.status, JSON.parse(refused.body).reason]).toEqual([403, 'MEDIA_NOT_READ']);
  });

  it('a message that was stopped does not stop the turns after it: the handler reads a mask in its place', async () => {
    const { server, decisions } = await served({ response: false });
    await using _ = server;
    const turn = (...texts: string[]) => ({
      id: 'chat',
      messages: texts.map((text, at) => ({ id: `m${at}`, role: 'user', parts: [{ type: 'text', text }] })),
    });
    expect((await raw(server.port, '/', post(turn('the secret plan')))).status).toBe(403);
    const next = await raw(server.port, '/', post(turn('the secret plan', 'pay 4111')));
    expect(JSON.parse(next.body)).toEqual(turn('[withheld]', 'pay [x]'));
    expect(decisions.at(-1)!.decision).toMatchObject({ withheld: ['body.messages[0].parts[0].text'], strikes: [] });
    expect((await raw(server.port, '/', post(turn('another secret plan', 'hello')))).status).toBe(403);
    // Where the policy says so it stops for good.
    const { server: strict } = await served({ response: false }, { history: 'block' });
    await using __ = strict;
    await raw(strict.port, '/', post(turn('the secret plan')));
    expect((await raw(strict.port, '/', post(turn('the secret plan', 'hello')))).status).toBe(403);
  });
});
