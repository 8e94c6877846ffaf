import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: X,Y,Z → 0,1,2 then as DNI. Usually written X-NNNNNNN-L. */
export const nie: Recogniser = nationalId({
  type: 'pii.national_id.es_nie',
  name: 'NIE (Spain)',
  plain: '[XYZ]\\d{7}[A-Z]',
  aloneElsewhere: ['A-#######-A', 'A#######-A'],
  printed: ['A-#######-A'],
  plainAlone: true,
  check: (s) => 'TRWAGMYFPDXBNJZSQVHLCKE'[Number('XYZ'.indexOf(s[0]!) + s.slice(1, 8)) % 23] === s[8],
  near: [
    'número de identidad de extranjero',
    'identificación de extranjero',
    'extranjero',
    'nie',
    'número de extranjero',
  ],
  strong: true,
  source: 'RD 557/2011',
  since: '0.2.0',
  finds: ['«X4182705V»', 'nie «X-4182705-V»'],
  ignores: ['nie: X4182706V'],
});
