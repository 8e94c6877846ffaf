import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Since 2020 modulo 97 for sole traders, before that the number of the person: the form decides. */
export const btw: Recogniser = nationalId({
  type: 'pii.national_id.nl_btw',
  name: 'Btw-nummer (Netherlands)',
  plain: 'NL\\d{9}B\\d{2}',
  plainAlone: true,
  near: ['btw', 'vat', 'btw id'],
  source: 'Belastingdienst',
  since: '0.3.0',
  finds: ['btw: «NL418270563B01»', '(«NL418270563B01»)'],
  ignores: ['btw: NL418270563B010000'],
});
