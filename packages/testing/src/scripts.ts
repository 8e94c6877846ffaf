import type { Detector, PolicyDocument } from '@flyball/core';
import type { Step, Turn } from './harness.ts';
import { chunks } from './chunks.ts';

// The scenario of the suite: a support assistant with personal data, a refund tool and a leaky model.

/** What must not get out, or in. */
export const CODENAME = 'Project Nightjar';
export const EMAIL = 'ada.lovelace@example.org';
export const EMAIL_MASK = '[EMAIL]';

/** Answers by what governance does to them; `LEAK` ends in text that nobody may read. */
export const HARMLESS = 'Your parcel left on Monday 🚚 and arrives tomorrow. Anything else?';
export const PERSONAL: string = `We wrote to ${EMAIL} 📮 this morning.`;
export const MASKED: string = `We wrote to ${EMAIL_MASK} 📮 this morning.`;
export const BEFORE_LEAK = 'Between us 🤫: the new plan is called ';
export const LEAK: string = `${BEFORE_LEAK}${CODENAME}, and it ships in May.`;

export const SUPPORT_POLICY: PolicyDocument = {
  policy: 'support-assistant',
  version: 1,
  detectors: [{ use: 'pii' }, { id: 'codename', phrases: [CODENAME] }],
  rules: [
    { id: 'probing', on: 'input', detect: 'codename', then: 'block', reason: 'P_PROBING', strike: { abuse: 1 } },
    {
      id: 'no-codename-out',
      on: ['output', 'tool_call', 'tool_result'],
      detect: 'codename',
      then: 'block',
      reason: 'P_CODENAME',
    },
    {
      id: 'mask-personal-data',
      on: ['input', 'output', 'tool_result'],
      detect: 'pii.email',
      then: 'redact',
      reason: 'P_PII',
    },
    {
      id: 'refund-cap',
      on: 'tool_call',
      tool: 'refund',
      when: 'tool.args.amount > 500',
      then: 'block',
      reason: 'P_REFUND_CAP',
    },
  ],
  cooldowns: [{ id: 'abuse', after: { strikes: 2, within: '10m' }, for: '1m' }],
};

/** The support policy with one stage judged by a detector of the case's own, named `judge`. */
export const judgedPolicy = (on: 'input' | 'output', more: Partial<PolicyDocument> = {}): PolicyDocument => ({
  policy: 'support-assistant',
  version: 1,
  rules: [{ id: 'judged', on, detect: 'judged', then: 'block', reason: 'P_JUDGED' }],
  ...more,
});

export const judge = (detect: NonNullable<Detector['detect']>): Detector => ({
  id: 'judge',
  version: '1',
  types: ['judged'],
  detect,
});

/** One delta. */
export const says = (text: string, block?: string): Step => ({
  kind: 'text',
  text,
  ...(block !== undefined && { block }),
});

/** A turn that says this, cut as the seed says. */
export const spoken = (text: string, seed = 1, kind: 'text' | 'reasoning' = 'text'): Turn =>
  chunks(text, seed).map((piece) => ({ kind, text: piece }));

/** What stands beside the answer. */
export const beside = (text: string): Step => ({ kind: 'beside', text });

export const calls = (tool: string, args: Extract<Step, { kind: 'call' }>['args'], written?: string): Step => ({
  kind: 'call',
  tool,
  args,
  ...(written !== undefined && { written }),
});

export const meanwhile = (run: () => Promise<void>): Step => ({ kind: 'meanwhile', run });
