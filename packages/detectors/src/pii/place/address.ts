import type { Recogniser } from '../../recogniser.ts';

const STREET =
  '(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Close|Crescent|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Hill|Row|Mews)';
const ENGLISH_CODE = '(?:[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}|[A-Z]{2},? \\d{5}(?:-\\d{4})?)';
const NAMES = "(?:[A-Z0-9][A-Za-z0-9'.-]{0,20} ){1,4}";

/** Postal addresses in two strong forms: number, street and post code in English, street, number, code and town in German. */
export const address: Recogniser = {
  type: 'pii.address',
  name: 'Postal address',
  fold: true,
  forms: [
    {
      find: new RegExp(
        `(?<![A-Za-z0-9_.])\\d{1,5}[A-Za-z]? ${NAMES}${STREET}\\.?(?:,? [^\\n]{1,40}?)?,? ${ENGLISH_CODE}(?![A-Za-z0-9])`,
      ),
      score: 0.9,
    },
    {
      find: /(?<![A-Za-z0-9])[A-ZÄÖÜ][a-zäöüß-]{2,24}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ufer|damm|ring) \d{1,4} ?[a-z]?,? \d{4,5} [A-ZÄÖÜ][a-zäöüß]{2,24}/,
      score: 0.9,
    },
  ],
  source: 'UPU S42 templates of the United Kingdom, the United States and Germany',
  since: '0.2.0',
  finds: [
    'Ship it to «14 Kestrel Lane, Bristol BS3 9ZZ».',
    '«350 Fifth Avenue, New York, NY 10118»',
    '«Kestrelstraße 14, 10115 Berlin»',
  ],
  ignores: ['14 Kestrel Lane is nice', 'in Lane 4 at 10118'],
  limits: 'addresses of other countries, and those without a post code, are not found',
};
