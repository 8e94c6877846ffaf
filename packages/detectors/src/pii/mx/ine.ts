import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Letters of the names, birth date, state, sex: the form decides. */
export const ine: Recogniser = nationalId({
  type: 'pii.national_id.mx_ine',
  name: 'Clave de elector (Mexico)',
  plain: '[A-Z]{6}\\d{8}[HM]\\d{3}',
  plainAlone: true,
  near: ['clave de elector', 'ine'],
  source: 'INE',
  since: '0.3.0',
  finds: ['clave de elector: «KSTRLN83041709M400»', '(«KSTRLN83041709M400»)'],
  ignores: ['clave de elector: KSTRLN83041709M4000000'],
});
