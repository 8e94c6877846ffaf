import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: per state. Usually written also 13 digits together (ELSTER). */
export const stnr: Recogniser = nationalId({
  type: 'pii.national_id.de_stnr',
  name: 'Steuernummer (Germany)',
  plain: '\\d{2,3}/\\d{3,4}/\\d{4,5}|\\d{4}0\\d{8}',
  separated: true,
  near: ['steuer nr', 'steuer nummer', 'st nr', 'steuernummer', 'st. nr.', 'stnr'],
  source: 'ELSTER',
  since: '0.2.0',
  finds: ['steuernummer: «21/815/08150»', 'Steuernummer «2893081508152»'],
  ignores: ['order 21/815/08150 was sent'],
});
