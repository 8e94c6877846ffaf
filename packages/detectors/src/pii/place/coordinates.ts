import type { Recogniser } from '../../recogniser.ts';

/** Places on the earth to 11 metres or better. Pairs of decimals are vectors as well: they need a key word, degrees do not. */
export const coordinates: Recogniser = {
  type: 'pii.gps',
  name: 'GPS coordinates',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9_.-])-?(?:90|[0-8]?\d)\.\d{4,12}, ?-?(?:180|1[0-7]\d|\d?\d)\.\d{4,12}(?![A-Za-z0-9_])/,
      score: 0.8,
      near: [
        'lat',
        'latitude',
        'longitude',
        'lng',
        'gps',
        'coordinates',
        'location',
        'geo',
        'position',
        'koordinaten',
        'coordonnées',
        'coordenadas',
        'maps',
      ],
    },
    {
      find: /(?<![A-Za-z0-9_.])\d{1,2}° ?\d{1,2}['′] ?\d{1,2}(?:\.\d{1,6})?["″] ?[NS],? ?\d{1,3}° ?\d{1,2}['′] ?\d{1,2}(?:\.\d{1,6})?["″] ?[EWO](?![A-Za-z])/,
      score: 0.9,
    },
  ],
  source: 'ISO 6709',
  since: '0.2.0',
  finds: ['GPS: «52.52001, 13.40495»', 'at «52°31\'12"N 13°24\'18"E»'],
  ignores: ['[0.1234, 0.5678]', 'GPS: 52.5, 13.4'],
};
