import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: letter = decade, month +50 women; closing letter not published. Usually written together. */
export const nid: Recogniser = nationalId({
  type: 'pii.national_id.al_nid',
  name: 'Numri i identitetit (Albania)',
  plain: '[A-Z]\\d{8}[A-Z]',
  plainAlone: 'elsewhere',
  // A decade, the year in it, a month (of women 50 higher), a day. Those of firms have none.
  checkAlone: (s) => /^[A-T]\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])/.test(s),
  near: ['nid', 'nipt', 'numri personal', 'numri i identitetit'],
  source: 'law; stdnum al.nipt for the business form',
  since: '0.2.0',
  finds: ['nid: «K35417062M»'],
  ignores: ['order K35417062M was sent'],
});
