import type { Recogniser } from '../../recogniser.ts';

/** Passport numbers: most states use 6 to 9 letters and digits, so only a key word tells. */
export const passport: Recogniser = {
  type: 'pii.passport',
  name: 'Passport number',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9])(?:[A-Za-z]{0,3}\d{5,9}|[MSRGDmsrgd]\d{3}[A-Za-z]\d{4}|\d{2}[A-Za-z]{2}\d{5}|[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8})[A-Za-z]?(?![A-Za-z0-9])/,
      score: 0.8,
      validate: (match) => match.length >= 6 && match.length <= 10 && /\d/.test(match),
      near: [
        ...[
          'passport',
          'passport number',
          'reisepass',
          'passnummer',
          'passeport',
          'pasaporte',
          'passaporto',
          'passaporte',
          'paspoort',
        ],
        ...[
          'paszport',
          'pas',
          'паспорт',
          'pasaport',
          '护照',
          'パスポート',
          '旅券',
          '여권',
          'جواز',
          'דרכון',
          'hộ chiếu',
          'travel document',
          'útlevél',
          'pasaportea',
          'passi',
          'διαβατήριο',
          'paspor',
          'पासपोर्ट',
        ],
      ],
    },
  ],
  source: 'ICAO 9303 and the issuing states',
  since: '0.2.0',
  finds: [
    'passport no. «K41827056»',
    'Reisepass: «C01X00T47»',
    'passeport «18KX41827»',
    'Korean passport: «M456B7890»',
  ],
  ignores: ['order K41827056', 'her passport of 2019'],
};
