// What each kind of judge asks and how its answer is read, over the real protocol.
import type { Finding } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import {
  gptOssSafeguard,
  graniteGuardian,
  llamaGuard,
  presidio,
  qwenGuard,
  shieldGemma,
  type Judge,
  type SafeguardOptions,
} from '../src/index.ts';
import { completion, json, judgeServer, type JudgeServer } from './judge-server.ts';

type Tokens = NonNullable<NonNullable<Parameters<typeof completion>[1]>['tokens']>;
type Role = 'user' | 'assistant';

async function judged(
  make: (options: SafeguardOptions) => Judge,
  answers: readonly (readonly [text: string, tokens?: Tokens | undefined])[],
  role: Role = 'assistant',
): Promise<{ readonly findings: readonly Finding[]; readonly server: JudgeServer }> {
  const server = await judgeServer((_, response, call) => {
    const [text, tokens] = answers[(call - 1) % answers.length]!;
    json(response, completion(text, tokens === undefined ? {} : { tokens }));
  });
  const judge = make({ baseURL: `${server.url}/v1`, apiKey: 'key', deadlineMs: 20_000, retry: { most: 0 } });
  return { findings: await asked(judge, 'the text', role), server };
}

async function asked(judge: Judge, text: string, role: Role = 'assistant', settled = 0): Promise<readonly Finding[]> {
  const { signal } = new AbortController();
  return (await judge.detect!({ text, role, channel: 'text', path: 'text', settled, signal })) as readonly Finding[];
}

const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ type, score }) => `${type} ${score}`);

describe('llamaGuard', () => {
  it('asks about the last message, in a conversation that alternates', async () => {
    const { server } = await judged(llamaGuard, [['safe']]);
    expect(server.asked[0]).toMatchObject({
      model: 'meta-llama/Llama-Guard-3-8B',
      messages: [{ role: 'user' }, { role: 'assistant', content: 'the text' }],
      ...{ temperature: 0, logprobs: true, max_tokens: 40 },
    });
    const { server: asUser } = await judged(llamaGuard, [['safe']], 'user');
    expect(asUser.asked[0]!.messages).toEqual([{ role: 'user', content: 'the text' }]);
  });

  it.each<[said: string, tokens: Tokens | undefined, found: readonly string[]]>([
    ['\n\nsafe', undefined, []],
    ['\n\nunsafe\nS1,S10', undefined, ['harm.violent_crime 1', 'harm.hate 1']],
    [
      '\n\nunsafe\nS11',
      [
        ['\n\n', { '\n\n': 1 }],
        ['un', { un: 0.75, safe: 0.25 }],
        ['safe', { safe: 1 }],
      ],
      ['harm.self_harm 0.75'],
    ],
  ])('reads %j', async (said, tokens, found) => {
    expect(brief((await judged(llamaGuard, [[said, tokens]])).findings)).toEqual(found);
  });

  it('knows that the codes of its second generation mean something else', async () => {
    const { findings } = await judged((options) => llamaGuard({ ...options, generation: 2 }), [['unsafe\nS5\n']]);
    expect(brief(findings)).toEqual(['harm.specialised_advice 1']);
  });
});

describe('qwenGuard', () => {
  it.each<[said: string, found: readonly string[]]>([
    ['Safety: Safe\nCategories: None\nRefusal: No', []],
    ['Safety: Unsafe\nCategories: Violent, PII\nRefusal: No', ['harm.violent_crime 1', 'harm.privacy 1']],
    ['Safety: Controversial\nCategories: Suicide & Self-Harm\nRefusal: Yes', ['harm.self_harm 0.5']],
  ])('reads %j', async (said, found) => {
    expect(brief((await judged(qwenGuard, [[said]])).findings)).toEqual(found);
  });

  it('takes the score from the token behind `Safety:`', async () => {
    const tokens: Tokens = [
      ['Safety', { Safety: 1 }],
      [':', { ':': 1 }],
      [' Unsafe', { ' Unsafe': 0.6, ' Safe': 0.2, ' Controversial': 0.2 }],
    ];
    const { findings } = await judged(qwenGuard, [['Safety: Unsafe\nCategories: Violent', tokens]]);
    expect(findings[0]!.score).toBeCloseTo(0.75, 6);
  });

  it.each([
    'Safety: Fine\nCategories: None',
    'Safety: Safe',
    'I am sure.\nSafety: Safe\nCategories: None',
    'Safety: Unsafe\nCategories: Weather',
    'Safety: Safe\nSafety: Unsafe\nCategories: Violent',
    'Safety: Safe\nCategories: Violent',
    'Safety: Unsafe\nCategories: None',
    'Safety: Unsafe\nCategories: PII\nCategories: Violent',
  ])('refuses %j', async (said) => {
    await expect(judged(qwenGuard, [[said]])).rejects.toMatchObject({ failure: 'INVALID_ANSWER' });
  });
});

describe('graniteGuardian', () => {
  const criteria = { 'harm.b': 'The text is bitter.', 'harm.a': 'The text is acid.' };
  it('asks one question for each criterion, behind the text', async () => {
    const { findings, server } = await judged(
      (options) => graniteGuardian({ ...options, criteria }),
      [['<think>\n</think>\n<score>yes</score>']],
    );
    expect(brief(findings)).toEqual(['harm.a 1', 'harm.b 1']);
    for (const { messages } of server.asked) expect(messages![0]).toEqual({ role: 'assistant', content: 'the text' });
    const criterion = /### Criteria: (.*)\n/;
    const asked = server.asked.map(({ messages }) => criterion.exec(messages![1]!.content)?.[1]);
    expect(new Set(asked)).toEqual(new Set(['The text is acid.', 'The text is bitter.']));
  });

  it('takes the score from within the last tag, whatever was thought', async () => {
    const tokens: Tokens = [
      ['<think>', { '<think>': 1 }],
      ['yes', { yes: 1 }],
      ['</think><score>', { '</think><score>': 1 }],
      ['yes', { yes: 0.8, no: 0.2 }],
      ['</score>', { '</score>': 1 }],
    ];
    const { findings } = await judged(
      (options) => graniteGuardian({ ...options, criteria: { 'harm.a': 'Acid.' } }),
      [['<think>yes</think><score>yes</score>', tokens]],
    );
    expect(findings[0]!.score).toBeCloseTo(0.8, 6);
  });

  it('asks older generations by the name of a risk', async () => {
    const { findings, server } = await judged(
      (options) => graniteGuardian({ ...options, generation: '3.2', criteria: { 'harm.social_bias': 'social_bias' } }),
      [['Yes\n<confidence> High </confidence>']],
    );
    expect(server.asked[0]).toMatchObject({ chat_template_kwargs: { guardian_config: { risk_name: 'social_bias' } } });
    expect(brief(findings)).toEqual(['harm.social_bias 1']);
  });

  it.each(['<score>maybe</score>', 'yes', '<score>no</score> but <score>'])('refuses %j', async (said) => {
    await expect(judged((options) => graniteGuardian({ ...options, criteria }), [[said]])).rejects.toMatchObject({
      failure: 'INVALID_ANSWER',
    });
  });
});

describe('shieldGemma', () => {
  it('asks four times, and grades each answer', async () => {
    const { findings, server } = await judged(shieldGemma, [['Yes', [['Yes', { Yes: 0.9, No: 0.1 }]]]]);
    expect(server.asked).toHaveLength(4);
    expect(server.asked[0]!.messages![0]!.content).toContain('Chatbot Response: the text');
    expect(findings.map(({ type }) => type).toSorted()).toEqual([
      'harm.dangerous',
      'harm.harassment',
      'harm.hate',
      'harm.sexual',
    ]);
    expect(findings[0]!.score).toBeCloseTo(0.9, 6);
  });
});

describe('gptOssSafeguard', () => {
  const make = (options: SafeguardOptions): Judge => gptOssSafeguard({ ...options, policy: 'No puns.' });
  it('gives the policy first and the text as data', async () => {
    const { findings, server } = await judged(make, [['{"violation": 1}']]);
    expect(brief(findings)).toEqual(['harm.policy 1']);
    expect(server.asked[0]!.messages).toMatchObject([{ role: 'system' }, { role: 'user', content: '"the text"' }]);
    expect(server.asked[0]!.messages![0]!.content.startsWith('No puns.')).toBe(true);
    expect(brief((await judged(make, [['{"violation": 0}']])).findings)).toEqual([]);
  });

  const NONE = ['{"violation": 2}', '{"violation": false}', '{"violation": 1, "violation": 0}', 'no', '{}'];
  it.each(NONE)('refuses %j', async (said) => {
    await expect(judged(make, [[said]])).rejects.toMatchObject({ failure: 'INVALID_ANSWER' });
  });
});

describe('presidio', () => {
  it('turns places in code points into places in units', async () => {
    const text = '😀😀 Ada Lovelace lived in London';
    const server = await judgeServer((_, response) =>
      json(response, [
        { entity_type: 'PERSON', start: 3, end: 15, score: 0.85 },
        { entity_type: 'LOCATION', start: 25, end: 31, score: 0.9 },
        { entity_type: 'CREDIT_CARD', start: 0, end: 1, score: 1 },
      ]),
    );
    const findings = await asked(presidio({ url: server.url, deadlineMs: 20_000 }), text);
    expect(findings.map(({ type, start, end }) => `${type} ${text.slice(start, end)}`)).toEqual([
      'pii.person Ada Lovelace',
      'pii.location London',
    ]);
    expect(server.asked[0]).toMatchObject({
      language: 'en',
      entities: ['PERSON', 'LOCATION', 'NRP'],
      score_threshold: 0.5,
    });
  });

  it.each<[what: string, answer: unknown]>([
    ['an object', { error: 'no such language' }],
    ['a finding that names no entity', [{ entityType: 'PERSON', start: 0, end: 3, score: 1 }]],
    ['no finding', [null]],
    ['a place outside of the text', [{ entity_type: 'PERSON', start: 0, end: 99, score: 1 }]],
    ['a score that is none', [{ entity_type: 'PERSON', start: 0, end: 1, score: 'high' }]],
  ])('refuses %s', async (_what, answer) => {
    const server = await judgeServer((_, response) => json(response, answer));
    await expect(
      asked(presidio({ url: server.url, deadlineMs: 20_000, retry: { most: 0 } }), 'Ada'),
    ).rejects.toMatchObject({
      failure: 'INVALID_ANSWER',
    });
  });
});
