/** What a voting rule asks for. A rule without one only labels or strikes. */
export type Effect = 'allow' | 'redact' | 'cooldown' | 'block';

/** What the governor answers. Exactly these four. */
export type Outcome = 'ALLOW' | 'BLOCK' | 'COOLDOWN' | 'NO_OP';

/** Whether verdicts are enforced, only recorded, or not formed at all. */
export type Mode = 'enforce' | 'shadow' | 'off';

/** What happens when a part that a rule needed could not be evaluated. */
export type OnError = 'block' | 'no_op';

export const OUTCOMES: readonly Outcome[] = ['ALLOW', 'BLOCK', 'COOLDOWN', 'NO_OP'];
export const EFFECTS: readonly Effect[] = ['allow', 'redact', 'cooldown', 'block'];
export const MODES: readonly Mode[] = ['enforce', 'shadow', 'off'];

/** Rank of an effect: a higher one is stricter and wins. */
export const STRICTNESS: { readonly [E in Effect]: number } = { allow: 0, redact: 1, cooldown: 2, block: 3 };
