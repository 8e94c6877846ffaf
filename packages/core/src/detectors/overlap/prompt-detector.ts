import type { Recogniser } from '@flyball/detectors';
import type { Detector } from '../../contract/detector.ts';
import { nextTurn } from '../../scanner/run/next-turn.ts';
import { defineDetector } from '../detector.ts';
import { repeatedIn } from './overlap.ts';
import { indexOf } from './prompt-index.ts';

/** What repeats enough of a prompt to count fits into half of it, also with its letters spaced. */
const WINDOW = { size: 320, stride: 160 } as const;

/** Complete texts are looked at in stretches too, so that a paraphrase is not lost in a long answer. */
const STRETCH = 4096;

/**
 * A detector of text that repeats the interaction's own system prompts. Without a prompt that is known it finds
 * nothing.
 */
export function promptDetector({ type }: Recogniser, version: string): Detector {
  return defineDetector({
    id: type,
    version,
    types: [type],
    window: WINDOW,
    async detect({ text, prompts = [], signal }) {
      const findings = [];
      for (const prompt of prompts.map(indexOf)) {
        for (let at = 0; at < text.length && !signal.aborted; at += STRETCH / 2) {
          if (at > 0) await nextTurn();
          for (const { score, start, end } of repeatedIn(text.slice(at, at + STRETCH), prompt))
            findings.push({ type, score, start: at + start, end: at + end });
          if (at + STRETCH >= text.length) break;
        }
      }
      return findings;
    },
  });
}
