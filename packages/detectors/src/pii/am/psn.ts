import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none published. Usually written together. */
export const psn: Recogniser = nationalId({
  type: 'pii.national_id.am_psn',
  name: 'Public service number (Armenia)',
  plain: '\\d{10}',
  near: [
    'public services number',
    'public service number',
    'հանրային ծառայությունների',
    'հծհ',
    'psn',
    'hch',
    'սոցիալական քարտ',
    'սոցիալական քարտի համար',
  ],
  source: 'law (DDMMYY + day offset 10/50)',
  since: '0.2.0',
  finds: ['հծհ: «4512830967»'],
  ignores: ['order 4512830967 was sent'],
});
