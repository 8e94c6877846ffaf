import type { Detector, PolicyDocument } from '@flyball/core';
import { defineJudge } from '@flyball/judges';

/** Two ways to govern what only a judge can tell; the chat has an address for each. */
export const JUDGED_WAYS = ['hold', 'trail'] as const;
export type JudgedWay = (typeof JUDGED_WAYS)[number];

/** The policy of a way, by which its address chooses it. */
export const judgedPolicy = (way: JudgedWay): string => `judged-${way}`;

/** As long as a small safeguard model takes on a good day. */
const JUDGE_MS = 25;

/**
 * Stands in for a safeguard model, and needs no network: objects to advice on mixing cleaners that make poison gas. No
 * phrase does that: either word alone is in every cleaning tip. With a real one this is `llamaGuard({ baseURL })`.
 */
export function localJudge(): Detector {
  return defineJudge(
    {
      id: 'local-judge',
      version: '1',
      types: ['harm.poison'],
      async ask(passages) {
        await new Promise((resolve) => setTimeout(resolve, JUDGE_MS));
        return {
          opinions: passages.map(({ text }) => ({
            scores: [{ type: 'harm.poison', score: /\bbleach\b/.test(text) && /\bammonia\b/.test(text) ? 0.97 : 0.02 }],
          })),
        };
      },
    },
    { window: { first: 40, step: 80, overlap: 80, margin: 20, inFlight: 4 }, deadlineMs: 5000 },
  );
}

/** `hold` lets nothing leave unjudged; `trail` lets it go, and judges behind it. All else is equal. */
export const judgedPolicies = (): readonly PolicyDocument[] =>
  JUDGED_WAYS.map((way) => ({
    policy: judgedPolicy(way),
    version: 1,
    rules: [
      {
        id: 'no-poison',
        on: 'output',
        detect: { type: 'harm', min: 0.8 },
        then: 'block',
        reason: 'P_HARM',
        stream: way,
      },
    ],
  }));
