import type { Recogniser } from '../../recogniser.ts';

/** `"lat": 52.52`, `longitude=13.405`. */
const NAMED =
  /(?:^|[^A-Za-z])(?:lat|latitude|lng|lon|long|longitude|breitengrad|längengrad|latitud|longitud|latitudine|longitudine)["']?(?: is)?[ :=]{1,4}["']?$/i;

/**
 * Places on the earth to 11 metres or better. Pairs of decimals are vectors as well: they need a key word, degrees do
 * not.
 */
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
      // One of the two, behind its name: an object has them apart.
      find: /(?<![A-Za-z0-9_.-])-?(?:180|1[0-7]\d|\d?\d)\.\d{3,15}(?![A-Za-z0-9_])/,
      score: 0.8,
      accepts: (_, before) => NAMED.test(before),
    },
    {
      // Links of maps: `@52.52001,13.40495,15z`, `?q=52.52001,13.40495`.
      find: /(?<=[@=/])-?(?:90|[0-8]?\d)\.\d{4,15}(?:,|%2C)-?(?:180|1[0-7]\d|\d?\d)\.\d{4,15}(?![A-Za-z0-9_])/i,
      score: 0.9,
    },
    {
      find: /(?<![A-Za-z0-9_.])\d{1,2}° ?\d{1,2}['′] ?\d{1,2}(?:\.\d{1,6})?["″] ?[NS],? ?\d{1,3}° ?\d{1,2}['′] ?\d{1,2}(?:\.\d{1,6})?["″] ?[EWO](?![A-Za-z])/,
      score: 0.9,
    },
    {
      find: /(?<![A-Za-z0-9_.-])geo:-?\d{1,2}\.\d{2,12},-?\d{1,3}\.\d{2,12}(?![A-Za-z0-9_])/i,
      score: 0.9,
    },
    {
      find: /(?<![A-Za-z0-9_+-])[2-9C][2-9CFGHJMPQRV][2-9CFGHJMPQRVWX]{6}\+[2-9CFGHJMPQRVWX]{2,3}(?![A-Za-z0-9_+-])/,
      score: 0.7,
      // Digits alone are a sum.
      validate: (match) => /[A-Z].*\+/.test(match),
    },
  ],
  source: 'ISO 6709; RFC 5870 (geo URIs); Open Location Code',
  since: '0.2.0',
  finds: [
    'meet me at «geo:52.5200,13.4050»;u=35',
    'plus code «9F4MGC22+22»',
    'GPS: «52.52001, 13.40495»',
    '{"latitude": «52.52001»}',
    'https://maps.acme.example/@«52.52001,13.40495»,15z',
    'at «52°31\'12"N 13°24\'18"E»',
  ],
  ignores: ['23456789+23 is a sum', 'geo:region', '[0.1234, 0.5678]', 'GPS: 52.5, 13.4'],
};
