import { isEan } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: EAN-13. Usually written 756.NNNN.NNNN.NC. */
export const ahv: Recogniser = nationalId({
  type: 'pii.national_id.ch_ahv',
  name: 'AHV / AVS (Switzerland)',
  plain: '756\\d{10}',
  printed: ['756.####.####.##'],
  alone: ['756.####.####.##'],
  check: isEan,
  digitsAlone: [13],
  near: ['ahv', 'avs', 'ahv nr', 'sozialversicherungsnummer', 'numéro avs'],
  strong: true,
  source: 'ZAS/CdC',
  since: '0.2.0',
  finds: ['ahv: «7564182705632»', '(«756.4182.7056.32»)', 'ahv «756.4182.7056.32»', '(«7564182705632»)'],
  ignores: ['ahv: 7564182705633', 'order 7564182705632 was sent'],
});
