import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: not published. Usually written as shown. */
export const card: Recogniser = nationalId({
  type: 'pii.national_id.gh_card',
  name: 'Ghana Card (Ghana)',
  plain: 'GHA-\\d{9}-\\d',
  plainAlone: true,
  separated: true,
  near: ['ghana card', 'ghanacard'],
  strong: true,
  source: 'NIA',
  since: '0.2.0',
  finds: ['«GHA-418270563-1»'],
  ignores: ['GHA-418270563-1x'],
});
