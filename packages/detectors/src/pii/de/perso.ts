import { at, icao } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: ICAO 7-3-1. Usually written 9 + check in MRZ; printed without check: 9. */
export const perso: Recogniser = nationalId({
  type: 'pii.national_id.de_perso',
  name: 'Personalausweis / Reisepass (Germany)',
  plain: '[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{7,8}\\d',
  // The front of the card shows nine signs, without the check.
  check: (s) => (s.length === 9 ? /\d/.test(s) : icao(s.slice(0, 9)) === at(s, 9)),
  near: ['personalausweis', 'ausweis nr', 'ausweis', 'ausweisnummer', 'reisepass', 'pass nr'],
  source: 'PAuswV; ICAO 9303',
  since: '0.2.0',
  finds: ['personalausweis: «CK427X0G60»', 'Personalausweis: «L41X82T70».'],
  ignores: ['personalausweis: CK427X0G61', 'order CK427X0G60 was sent'],
});
