import type { Recogniser } from '../../recogniser.ts';

/** Vehicle identification numbers, with a key word: European ones have no check digit. */
export const vin: Recogniser = {
  type: 'pii.vin',
  name: 'Vehicle identification number',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])/i,
      score: 0.8,
      validate: (match) => /\d/.test(match) && /[A-Z]/i.test(match),
      near: [
        'vin',
        'vehicle identification',
        'chassis',
        'fahrgestell',
        'fin',
        'châssis',
        'bastidor',
        'telaio',
        'chassi',
        '车架号',
      ],
    },
  ],
  source: 'ISO 3779',
  since: '0.2.0',
  finds: ['VIN: «1KTRX4180Z2705639»', 'vin=«1ktrx4180z2705639»'],
  ignores: ['1KTRX4180Z2705639 is a part', 'VIN: 1KTRX4180Z270563O'],
};
