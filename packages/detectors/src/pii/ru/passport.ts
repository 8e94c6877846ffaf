import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written NN NN NNNNNN. */
export const passport: Recogniser = nationalId({
  type: 'pii.national_id.ru_passport',
  name: 'Паспорт (Russia)',
  plain: '\\d{2}\\d{2}\\d{6}',
  printed: ['## ## ######', '#### ######'],
  near: ['серия и номер', 'паспорт рф', 'паспорт', 'passport'],
  source: 'MVD',
  since: '0.2.0',
  finds: ['серия и номер: «45 18 418270»'],
  ignores: ['order 45 18 418270 was sent'],
});
