import type { Recogniser } from '../../recogniser.ts';

/** Registration plates have as many forms as states: only a key word tells. */
export const plate: Recogniser = {
  type: 'pii.license_plate',
  name: 'Vehicle registration plate',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9])(?:[A-ZÄÖÜ]{1,3}[ -]?(?:[A-Z]{1,2}[ -]?)?\d{1,4}(?: ?[A-Z]{1,3}(?: ?\d{1,4})?)?|\d{1,4}[ -]?[A-Z]{1,3}[ -]?\d{0,4})(?![A-Za-z0-9])/,
      score: 0.7,
      validate: (match) => /\d/.test(match) && /[A-Z]/.test(match) && match.length >= 5,
      near: [
        ...[
          'license plate',
          'licence plate',
          'number plate',
          'registration plate',
          'plate number',
          'plate no',
          'vehicle registration',
        ],
        ...[
          'kennzeichen',
          'plaque d immatriculation',
          'immatriculation',
          'matrícula',
          'targa',
          'kenteken',
          'placa',
          '车牌',
        ],
      ],
    },
  ],
  source: 'the registration authorities; no form of its own',
  since: '0.2.0',
  finds: ['Kennzeichen: «B KX 4182»', 'number plate «KX41 QZB»'],
  ignores: ['part KX41 QZB', 'number plate: none'],
};
