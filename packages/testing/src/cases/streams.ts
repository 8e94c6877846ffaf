import type { Detector, PolicyDocument } from '@flyball/core';
import {
  BEFORE_LEAK,
  CODENAME,
  HARMLESS,
  judge,
  judgedPolicy,
  LEAK,
  MASKED,
  meanwhile,
  PERSONAL,
  says,
  spoken,
  SUPPORT_POLICY,
} from '../scripts.ts';
import { eventually, pause, setMode, type Case } from '../trial.ts';

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];

/** Both kinds of enforcement in one answer, and the same text again behind them. */
const BOTH = `${PERSONAL} ${LEAK}`;
const BOTH_RELEASED = `${MASKED} ${BEFORE_LEAK}`;

/** A long match that nobody sees the end of. */
const BOUNDED: PolicyDocument = {
  ...SUPPORT_POLICY,
  detectors: [...(SUPPORT_POLICY.detectors ?? []), { id: 'long', patterns: ['BEGIN[a-z]{300}END'] }],
  rules: [
    ...(SUPPORT_POLICY.rules ?? []),
    { id: 'no-long', on: 'output', detect: 'long', then: 'block', reason: 'P_LONG' },
  ],
  maxHold: { units: 100 },
  maxInput: 5000,
};

/** Takes its time for each window of the text. */
const slow: Detector = {
  ...judge(async ({ text }) => {
    await pause(20);
    const start = text.indexOf('Nightjar');
    return start < 0 ? [] : [{ type: 'judged', score: 1, start, end: start + 'Nightjar'.length }];
  }),
  window: { size: 40, stride: 20 },
};

const judgedOutput = (stream: 'hold' | 'trail'): PolicyDocument =>
  judgedPolicy('output', {
    deadline: '2s',
    rules: [{ id: 'judged', on: 'output', detect: 'judged', then: 'block', reason: 'P_JUDGED', stream }],
  });

/** Answers that are delivered as they are written. */
export const streams: readonly Case[] = [
  {
    name: 'G1: what is released does not depend on how the source cuts its text',
    async run(trial) {
      const { ask } = await trial.govern();
      for (const seed of SEEDS) {
        const answer = await ask({ turns: [spoken(BOTH, seed)] });
        trial.expect([seed, answer.text, answer.ending]).toEqual([seed, BOTH_RELEASED, 'stopped']);
      }
    },
  },
  {
    name: 'G2: a blocked phrase does not begin to leave, wherever it is cut in two',
    async run(trial) {
      const { ask } = await trial.govern();
      for (let at = 1; at < CODENAME.length; at += 3) {
        const answer = await ask({
          turns: [[says(BEFORE_LEAK + CODENAME.slice(0, at)), says(`${CODENAME.slice(at)}!`)]],
        });
        trial.expect([at, answer.text]).toEqual([at, BEFORE_LEAK]);
      }
    },
  },
  {
    name: 'G2: a phrase that ends with the answer is stopped',
    async run(trial) {
      const { ask } = await trial.govern();
      const answer = await ask({ turns: [spoken(BEFORE_LEAK + CODENAME)] });
      trial.expect([answer.text, answer.ending]).toEqual([BEFORE_LEAK, 'stopped']);
    },
  },
  {
    name: 'G2: interleaved blocks hide nothing, in one of them or across them',
    async run(trial) {
      const { ask } = await trial.govern();
      const halves = [CODENAME.slice(0, 11), CODENAME.slice(11)] as const;
      const inOne = await ask({
        turns: [[says(halves[0], 'a'), says('Meanwhile: ', 'b'), says(`${halves[1]}.`, 'a'), says('the end', 'b')]],
      });
      const across = await ask({ turns: [[says(`It is ${halves[0]}`, 'a'), says(`${halves[1]}.`, 'b')]] });
      for (const answer of [inOne, across]) {
        trial.expect([answer.ending, answer.denial?.reason]).toEqual(['stopped', 'P_CODENAME']);
        trial.expect([answer.text.includes('Nightjar'), answer.text.includes(halves[1])]).toEqual([false, false]);
      }
      const harmless = await ask({ turns: [[says('One. ', 'a'), says('Two. ', 'b'), says('Three.', 'a')]] });
      trial.expect([harmless.ending, harmless.text.length]).toEqual(['complete', 'One. Two. Three.'.length]);
    },
  },
  {
    name: 'G4, E6: after a stop nothing leaves, and the source is told to stop',
    async run(trial) {
      const { ask } = await trial.govern();
      let said = 0;
      const more = Array.from({ length: 50 }, () => [
        says('And more. '),
        meanwhile(async () => {
          said++;
          await pause(4);
        }),
      ]).flat();
      const answer = await ask({ turns: [[...spoken(LEAK), ...more]] });
      await pause(20);
      trial.expect([answer.text, answer.ending, answer.cancelled]).toEqual([BEFORE_LEAK, 'stopped', true]);
      trial.expect([said, said < 50]).toEqual([said, true]);
    },
  },
  {
    name: 'G5: text that no rule can be about any more leaves before the source goes on',
    async run(trial) {
      const { ask } = await trial.govern();
      const first = 'This sentence is over. ';
      let seen = '';
      let seenInTime = '';
      const answer = await ask({
        turns: [
          [
            ...spoken(first),
            meanwhile(async () => {
              await eventually(() => seen === first);
              seenInTime = seen;
            }),
            ...spoken(HARMLESS),
          ],
        ],
        onText: (text) => (seen += text),
      });
      trial.expect([seenInTime, answer.text]).toEqual([first, first + HARMLESS]);
    },
  },
  {
    name: 'G5: where more would have to be held than the policy accepts, the answer is stopped',
    async run(trial) {
      const { ask } = await trial.govern({ policy: BOUNDED });
      const answer = await ask({ turns: [spoken(`Well. BEGIN${'x'.repeat(200)}, done.`)] });
      trial.expect([answer.text, answer.ending, answer.denial?.reason]).toEqual(['Well. ', 'stopped', 'MAX_HOLD']);
    },
  },
  {
    name: 'G7: an answer longer than the policy accepts is stopped',
    async run(trial) {
      const { ask } = await trial.govern({ policy: BOUNDED });
      const answer = await ask({
        turns: [[...Array.from({ length: 60 }, () => says('word '.repeat(20))), says('end')]],
      });
      trial.expect([answer.ending, answer.denial?.reason]).toEqual(['stopped', 'INPUT_TOO_LARGE']);
      trial.expect([answer.text.length <= 5000, answer.text.includes('end')]).toEqual([true, false]);
    },
  },
  {
    name: 'with `stream: trail` text leaves at once, and the ending waits for the last judgement',
    async run(trial) {
      const { ask, decisions } = await trial.govern({ policy: judgedOutput('trail'), detectors: [slow] });
      const answer = await ask({ turns: [spoken(LEAK)] });
      const [decision] = await decisions('output');
      trial.expect([answer.text, answer.ending, answer.denial?.reason]).toEqual([LEAK, 'stopped', 'P_JUDGED']);
      trial.expect(decision?.coverage.unjudged.map(({ why }) => why)).toEqual(['trail']);
      const harmless = await ask({ turns: [spoken(HARMLESS)] });
      trial.expect([harmless.text, harmless.ending]).toEqual([HARMLESS, 'complete']);
    },
  },
  {
    name: 'text that waits for a judgement leaves when it is made, although the source says nothing more',
    async run(trial) {
      const { ask } = await trial.govern({ policy: judgedOutput('hold'), detectors: [slow] });
      let seen = '';
      let seenInTime = '';
      const wait = meanwhile(async () => {
        await eventually(() => seen.length >= 20);
        seenInTime = seen;
      });
      const first = 'word '.repeat(20);
      const answer = await ask({
        turns: [[...spoken(first), wait, ...spoken(HARMLESS)]],
        onText: (text) => (seen += text),
      });
      trial.expect([seenInTime.length >= 20, first.startsWith(seenInTime)]).toEqual([true, true]);
      trial.expect([answer.text, answer.ending]).toEqual([first + HARMLESS, 'complete']);
    },
  },
  {
    name: 'a stream keeps the mode it opened with',
    async run(trial) {
      const { ask, governor } = await trial.govern();
      const off = meanwhile(async () => {
        await pause(20);
        await setMode(governor, 'off');
      });
      const opened = await ask({ turns: [[...spoken(HARMLESS), off, ...spoken(LEAK)]] });
      const later = await ask({ turns: [spoken(LEAK)] });
      trial.expect([opened.text, opened.ending]).toEqual([HARMLESS + BEFORE_LEAK, 'stopped']);
      trial.expect([later.text, later.ending]).toEqual([LEAK, 'complete']);
    },
  },
  {
    name: 'a reader who leaves is decided on and leaves nothing open',
    async run(trial) {
      const { ask, decisions } = await trial.govern();
      const reader = new AbortController();
      const endless = Array.from({ length: 200 }, () => [says('And more. '), meanwhile(async () => pause(4))]).flat();
      await ask({ turns: [endless], onText: () => reader.abort(), leave: reader.signal });
      trial.expect((await decisions('output')).length).toEqual(1);
      trial.expect((await ask()).text).toEqual(HARMLESS);
    },
  },
];
