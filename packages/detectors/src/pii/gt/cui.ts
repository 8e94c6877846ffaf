import { at, falling, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2..9]%11 = 9th; department 01-22. Usually written NNNN NNNNN DDMM. */
export const cui: Recogniser = nationalId({
  type: 'pii.national_id.gt_cui',
  name: 'CUI / DPI (Guatemala)',
  plain: '\\d{13}',
  aloneElsewhere: ['#### ##### ####'],
  check: (s) =>
    weighted(s, falling(2, 9)) % 11 === at(s, 8) && part(s, 9, 11) >= 1 && part(s, 9, 11) <= 22 && part(s, 11, 13) >= 1,
  near: ['cui', 'dpi'],
  strong: true,
  source: 'RENAP',
  since: '0.2.0',
  finds: ['(«4182 70562 0101»)', 'cui: «4182705620101»', 'cui «4182 70562 0101»'],
  ignores: ['cui: 4182705620100', 'order 4182705620101 was sent'],
});
