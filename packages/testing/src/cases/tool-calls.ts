import type { Json } from '@flyball/core';
import type { Answer, Ask, Step, Turn } from '../harness.ts';
import { calls, CODENAME, EMAIL, EMAIL_MASK, HARMLESS, says, spoken, SUPPORT_POLICY } from '../scripts.ts';
import { bothWays, type Case } from '../trial.ts';

export const REFUND = { order: 7, amount: 20 };
const TOO_MUCH = { order: 8, amount: 900 };
const MAIL = { to: 'bob', body: 'See you at noon.' };
const LEAKING_MAIL = { to: 'eve-at-the-press', body: `It is ${CODENAME}.` };

export const TOOLS: NonNullable<Ask['tools']> = {
  refund: () => ({ done: true }),
  sendMail: () => ({ sent: true }),
};

/** The model calls these tools and then says the harmless answer. */
export const after = (...steps: readonly Step[]): readonly Turn[] => [
  [says('I do that. '), ...steps],
  spoken(HARMLESS),
];

export const ran = (answer: Answer): readonly (readonly [string, Json])[] =>
  answer.ran.map(({ tool, args }) => [tool, args]);

/** Calls of tools are decided on the arguments the tool would really get, before it runs. */
export const toolCalls: readonly Case[] = [
  ...bothWays('an allowed call runs with its own arguments, and the model goes on', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const answer = await ask({ stream, tools: TOOLS, turns: after(calls('refund', REFUND)) });
    trial.expect([ran(answer), answer.asked.length, answer.ending]).toEqual([[['refund', REFUND]], 2, 'complete']);
    trial.expect(answer.text.endsWith(HARMLESS)).toEqual(true);
    trial.expect((await decisions('tool_call')).map(({ outcome }) => outcome)).toEqual(['ALLOW']);
  }),
  ...bothWays('T1: a blocked call does not run, and its arguments are shown to nobody', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const turns = after(calls('sendMail', LEAKING_MAIL));
    const answer = await ask({ stream, tools: TOOLS, turns });
    trial
      .expect([ran(answer), answer.received.includes('Nightjar'), answer.received.includes(LEAKING_MAIL.to)])
      .toEqual([[], false, false]);
    trial.expect((await decisions('tool_call')).map(({ reason }) => reason)).toEqual(['P_CODENAME']);
    // It was the call's fault: the same with other arguments runs.
    const other = await ask({ stream, tools: TOOLS, turns: after(calls('sendMail', MAIL)) });
    trial.expect(ran(other)).toEqual([['sendMail', MAIL]]);
  }),
  ...bothWays('T4: the model reads the denial as the result of its call, and goes on', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask({ stream, tools: TOOLS, turns: after(calls('refund', TOO_MUCH)) });
    trial.expect([ran(answer), answer.asked.length, answer.asked[1]?.includes('P_REFUND_CAP')]).toEqual([[], 2, true]);
    trial.expect([answer.text.endsWith(HARMLESS), answer.ending, answer.denial]).toEqual([true, 'complete', undefined]);
  }),
  ...bothWays('T4: with `onBlock: stop` a blocked call ends the run', async (trial, stream) => {
    const { ask } = await trial.govern({ policy: { ...SUPPORT_POLICY, onBlock: 'stop' } });
    const turns = after(calls('refund', REFUND), calls('refund', TOO_MUCH));
    const answer = await ask({ stream, tools: TOOLS, turns });
    trial.expect([ran(answer), answer.asked.length]).toEqual([[], 1]);
    trial.expect([answer.ending, answer.denial?.reason]).toEqual(['stopped', 'P_REFUND_CAP']);
  }),
  ...bothWays('T2: conditions read the parsed arguments', async (trial, stream) => {
    const { ask } = await trial.govern();
    const written = '{ "order": 8, "amount": 9.0e2 }';
    const answer = await ask({
      stream,
      tools: TOOLS,
      turns: after(calls('refund', TOO_MUCH, written), calls('refund', REFUND)),
    });
    trial.expect([ran(answer), answer.ending]).toEqual([[['refund', REFUND]], 'complete']);
  }),
  ...bothWays('T2: text inside arguments is read decoded', async (trial, stream) => {
    const { ask } = await trial.govern();
    const written = JSON.stringify(LEAKING_MAIL).replace('N', '\\u004e').replace('j', '\\u006a');
    const turns = after(calls('sendMail', LEAKING_MAIL, written), calls('sendMail', MAIL));
    const answer = await ask({ stream, tools: TOOLS, turns });
    trial.expect([ran(answer), answer.received.includes(written.slice(8, 30))]).toEqual([[['sendMail', MAIL]], false]);
  }),
  ...bothWays('T6: the siblings of a blocked call run', async (trial, stream) => {
    const { ask } = await trial.govern();
    const turns = after(calls('sendMail', LEAKING_MAIL), calls('sendMail', MAIL), calls('refund', REFUND));
    const answer = await ask({ stream, tools: TOOLS, turns });
    trial.expect([ran(answer), answer.ending]).toEqual([
      [
        ['sendMail', MAIL],
        ['refund', REFUND],
      ],
      'complete',
    ]);
  }),
  ...bothWays(
    'T6: all calls of a message are decided before any runs, on its labels as it ended',
    async (trial, stream) => {
      const { ask, decisions } = await trial.govern({
        policy: {
          policy: 'labels',
          version: 1,
          detectors: [{ use: 'pii' }],
          rules: [
            { id: 'private', on: 'output', detect: 'pii.email', label: 'private' },
            {
              id: 'inside',
              on: 'tool_call',
              tool: 'sendMail',
              when: 'label("private")',
              then: 'block',
              reason: 'P_PRIVATE',
            },
          ],
        },
      });
      let decidedBefore = 0;
      const tools: Ask['tools'] = {
        ...TOOLS,
        refund: async () => {
          decidedBefore = (await decisions('tool_call')).length;
          return { done: true };
        },
      };
      const turns: readonly Turn[] = [
        [calls('refund', REFUND), calls('sendMail', MAIL), says(`She is ${EMAIL}.`)],
        spoken(HARMLESS),
      ];
      const answer = await ask({ stream, tools, turns });
      trial.expect([ran(answer), decidedBefore]).toEqual([[['refund', REFUND]], 2]);
    },
  ),
  ...bothWays('with `editArgs` a call runs with the arguments as redacted', async (trial, stream) => {
    const { ask } = await trial.govern({ policy: REDACTING });
    const turns = after(calls('sendMail', { to: 'bob', body: `She is ${EMAIL}.` }));
    const answer = await ask({ stream, tools: TOOLS, turns });
    trial.expect(ran(answer)).toEqual([['sendMail', { to: 'bob', body: `She is ${EMAIL_MASK}.` }]]);
    trial.expect([answer.received.includes(EMAIL), answer.ending]).toEqual([false, 'complete']);
  }),
  ...bothWays('E2: a call whose arguments cannot be redacted does not run', async (trial, stream) => {
    const { ask } = await trial.govern({ policy: REDACTING });
    const turns = after(calls('refund', { [EMAIL]: 1 }), calls('refund', REFUND));
    const answer = await ask({ stream, tools: TOOLS, turns });
    trial.expect([ran(answer), answer.received.includes(EMAIL)]).toEqual([[['refund', REFUND]], false]);
    trial.expect(answer.asked[1]?.includes('EDIT_NOT_APPLICABLE')).toEqual(true);
  }),
];

const REDACTING = {
  policy: 'redacting',
  version: 1,
  detectors: [{ use: 'pii' }],
  rules: [{ id: 'mask-args', on: 'tool_call', detect: 'pii.email', then: 'redact', reason: 'P_PII', editArgs: true }],
} as const;
