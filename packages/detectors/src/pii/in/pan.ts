import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: not published. Usually written together. */
export const pan: Recogniser = nationalId({
  type: 'pii.national_id.in_pan',
  name: 'PAN (India)',
  plain: '[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]',
  plainAlone: 'elsewhere',
  near: ['पैन', 'pan', 'permanent account', 'pan card', 'pan no', 'pan number'],
  source: 'Income Tax Dept',
  since: '0.2.0',
  finds: ['pan: «KTQPL4182M»'],
  ignores: ['order KTQPL4182M was sent'],
});
