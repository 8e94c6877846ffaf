import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** PyPI; it has a check, macaroon base64, which is not demanded: a mangled token is worth hiding too. */
export const pypi: Recogniser = {
  type: 'secret.pypi',
  name: 'PyPI (pypi)',
  forms: [
    issued(
      ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'],
      /pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[\w-]{50,}/,
    ),
  ],
  source: 'PyPI, documentation',
  since: '0.2.0',
  finds: ['key «pypi-AgEIcHlwaS5vcmc{base62:50}» x'],
  ignores: ['pypi-AgEIcHlwaS5vcmcyour_key_goes_here_xxxxxxxxxxxx'],
};
