import { createMemorySink, type Sink } from '@flyball/core';
import { CODENAME, HARMLESS, judge, judgedPolicy, meanwhile, says, spoken, SUPPORT_POLICY } from '../scripts.ts';
import { bothWays, pause, type Case } from '../trial.ts';

const throwing = judge(() => {
  throw new Error('the judge is ill');
});
const hanging = judge(async () => new Promise(() => {}));

/** Parts that cannot be evaluated, and sources that fail. */
export const failures: readonly Case[] = [
  ...bothWays(
    'E5: a prompt that could not be judged is stopped, and told apart from a denial',
    async (trial, stream) => {
      for (const [detector, deadline] of [
        [throwing, '5s'],
        [hanging, '50ms'],
      ] as const) {
        const { ask } = await trial.govern({ policy: judgedPolicy('input', { deadline }), detectors: [detector] });
        const answer = await ask({ stream });
        trial.expect([answer.asked, answer.ending]).toEqual([[], 'stopped']);
        trial.expect([answer.denial?.kind, answer.denial?.reason]).toEqual(['not_evaluated', 'FAILED_CLOSED']);
      }
    },
  ),
  ...bothWays('E5: an answer that could not be judged does not arrive', async (trial, stream) => {
    for (const [detector, deadline] of [
      [throwing, '5s'],
      [hanging, '50ms'],
    ] as const) {
      const { ask } = await trial.govern({ policy: judgedPolicy('output', { deadline }), detectors: [detector] });
      const answer = await ask({ stream });
      trial.expect([answer.text, answer.ending]).toEqual(['', 'stopped']);
      trial.expect([answer.denial?.kind, answer.denial?.reason]).toEqual(['not_evaluated', 'FAILED_CLOSED']);
    }
  }),
  ...bothWays(
    'with `onError: no_op` what could not be judged passes, and the record says so',
    async (trial, stream) => {
      for (const stage of ['input', 'output'] as const) {
        const policy = judgedPolicy(stage, { onError: 'no_op' });
        const { ask, decisions } = await trial.govern({ policy, detectors: [throwing] });
        const answer = await ask({ stream });
        trial.expect([answer.text, answer.ending]).toEqual([HARMLESS, 'complete']);
        const found = (await decisions(stage)).map(({ reason, errors }) => [reason, errors.map(({ code }) => code)]);
        trial.expect(found).toEqual([['FAILED_OPEN', ['THREW']]]);
      }
    },
  ),
  ...bothWays('a subject that could not be established is a failure, not an anonymous pass', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const answer = await ask({ stream, subject: undefined });
    trial.expect([answer.asked, answer.ending]).toEqual([[], 'stopped']);
    trial.expect([answer.denial?.kind, answer.denial?.reason]).toEqual(['not_evaluated', 'FAILED_CLOSED']);
    const errors = (await decisions('input')).flatMap(({ errors }) => errors.map(({ part, code }) => [part, code]));
    trial.expect(errors).toEqual([['subject', 'MISSING']]);
  }),
  ...bothWays(
    'a resolver that answers something else than a subject has established nobody, and does not break the request',
    async (trial, stream) => {
      for (const nonsense of [{ tenant: 'acme', user: 42 }, { tenant: '' }, { user: 'ada' }, 'ada', null]) {
        for (const [onError, asked, ending] of [
          ['block', 0, 'stopped'],
          ['no_op', 1, 'complete'],
        ] as const) {
          const { ask } = await trial.govern({ policy: { ...SUPPORT_POLICY, onError } });
          const answer = await ask({ stream, subject: nonsense as never });
          trial.expect([nonsense, answer.asked.length, answer.ending]).toEqual([nonsense, asked, ending]);
        }
      }
    },
  ),
  ...bothWays('E1: a stop is told whatever the application’s own words for it do', async (trial, stream) => {
    const own = await trial.govern({ wording: () => 'In our own words.' });
    const worded = await own.ask({ stream, prompt: CODENAME });
    trial.expect([worded.ending, worded.received.includes('In our own words.')]).toEqual(['stopped', true]);
    for (const wording of [fails, () => 42 as never]) {
      const { ask } = await trial.govern({ wording });
      const answer = await ask({ stream, prompt: CODENAME });
      trial.expect([answer.asked, answer.ending, answer.denial?.reason]).toEqual([[], 'stopped', 'P_PROBING']);
    }
  }),
  {
    name: 'a governor that closes during an answer ends it, and its reader can tell that it was cut',
    async run(trial) {
      const { ask, governor, decisions } = await trial.govern();
      const close = meanwhile(async () => {
        await pause(30);
        await governor.close();
        await pause(10);
      });
      const more = Array.from({ length: 20 }, () => [says('More. '), meanwhile(async () => pause(4))]).flat();
      const answer = await ask({ turns: [[...spoken('This much was said. '), close, ...more]] });
      trial.expect([answer.text, answer.ending]).toEqual(['This much was said. ', 'stopped']);
      trial.expect([answer.denial?.kind, answer.cancelled]).toEqual(['not_evaluated', true]);
      trial.expect((await decisions('output')).length).toEqual(1);
    },
  },
  ...bothWays('A1: what cannot be recorded does not happen', async (trial, stream) => {
    const { ask } = await trial.govern({ audit: refusing });
    const answer = await ask({ stream });
    trial.expect([answer.asked, answer.text, answer.ending]).toEqual([[], '', 'stopped']);
    trial.expect([answer.denial?.kind, answer.denial?.reason]).toEqual(['not_evaluated', 'AUDIT_UNAVAILABLE']);
  }),
  ...bothWays('a source that fails before it says anything has failed: that is no stop', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask({ stream, turns: [[{ kind: 'fail', message: 'out of tokens' }]] });
    trial.expect([answer.text, answer.ending, answer.denial]).toEqual(['', 'failed', undefined]);
    trial.expect((await ask({ stream })).text).toEqual(HARMLESS);
  }),
  {
    name: 'a source that fails in mid-stream has failed; what was released stays, and the stream is decided on',
    async run(trial) {
      const { ask, decisions } = await trial.govern();
      const answer = await ask({ turns: [[says('Well. '), { kind: 'fail', message: 'out of tokens' }]] });
      trial
        .expect([answer.ending, answer.denial, 'Well. '.startsWith(answer.text)])
        .toEqual(['failed', undefined, true]);
      trial.expect((await decisions('output')).length).toEqual(1);
    },
  },
  {
    name: 'what a failed stream had held is dropped',
    async run(trial) {
      const { ask } = await trial.govern();
      const answer = await ask({ turns: [[says('It is Project Night'), { kind: 'fail', message: 'out of tokens' }]] });
      trial.expect([answer.ending, answer.received.includes('Night')]).toEqual(['failed', false]);
      trial.expect((await ask({ turns: [spoken(HARMLESS)] })).text).toEqual(HARMLESS);
    },
  },
];

const fails = (): never => {
  throw new Error('no words');
};

/** Accepts that a policy was loaded, and no decision. */
const memory = createMemorySink();
const refusing: Sink = {
  name: 'refusing',
  accept(record) {
    if (record.kind === 'decision') throw new Error('the disk is full');
    return memory.accept(record);
  },
};
