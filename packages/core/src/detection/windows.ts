import type { DetectorWindow } from '../contract/detector.ts';

/**
 * Where windows begin and end. Both kinds are one: each window brings new text up to its end, begins `overlap` units
 * before its new text, and settles what lies more than `margin` units before its end.
 */
export interface Windows {
  /** New units of the window with this index. */
  grow(index: number): number;
  readonly step: number;
  readonly overlap: number;
  readonly margin: number;
  readonly clockMs: number | undefined;
  readonly inFlight: number;
  /** A pair of surrogates stays in one window. Sliding windows promise exact multiples instead. */
  readonly keepsPairs: boolean;
}

/** Without a declared window there is one: the whole text. */
const WHOLE: Windows = {
  grow: () => Number.POSITIVE_INFINITY,
  step: Number.POSITIVE_INFINITY,
  overlap: 0,
  margin: 0,
  clockMs: undefined,
  inFlight: Number.POSITIVE_INFINITY,
  keepsPairs: false,
};

export function windowsOf(window: DetectorWindow | undefined): Windows {
  if (window === undefined) return WHOLE;
  if ('step' in window) {
    const { step, first = step, overlap = 0, margin = 0, clockMs, inFlight = Number.POSITIVE_INFINITY } = window;
    const grow = (index: number): number => Math.min(step, first * 2 ** index);
    return { grow, step, overlap, margin, clockMs, inFlight, keepsPairs: true };
  }
  // Every unit waits for all windows that hold it: what the next one shows again is not settled.
  const { size, stride } = window;
  const overlap = size - stride;
  return {
    ...WHOLE,
    grow: (index) => (index === 0 ? size : stride),
    step: stride,
    overlap,
    margin: overlap,
  };
}
