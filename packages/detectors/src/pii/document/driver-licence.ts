import { digitsIn } from '../../check/numbers.ts';
import { PAPER } from '../../form/paper.ts';
import type { Recogniser } from '../../recogniser.ts';

/** `DL# S123-...`, `patente: ...`. */
export const SHORT_NAME: RegExp =
  /(?:^|[^A-Za-z0-9<])(?:dl|d\.l\.|drv lic|lic|licen[cs]e|patente|permis|carnet|rijbewijs|kørekort|免許証?|ВУ)(?: ?(?:no|nr|n°|number|num|id)\.?)?[ :#="']{1,4}(?:is )?$/i;

/** Driver licences: those of Great Britain have a form of their own, all others count with a key word. */
export const driverLicence: Recogniser = {
  type: 'pii.driver_license',
  name: 'Driver licence number',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9])[A-Z9]{5}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}[A-Z0-9]{3}(?![A-Za-z0-9])/,
      score: 0.8,
    },
    {
      // Right behind the short name, which is a tag of HTML and half a word elsewhere.
      find: PAPER,
      score: 0.7,
      validate: (match) => digitsIn(match) >= 5 && !/^(?:DL|NO|IS) /.test(match),
      accepts: (_, before) => SHORT_NAME.test(before),
      announcedBy: ['dl', 'lic', 'patente', 'permis', 'carnet', 'rijbewijs', 'kørekort', '免許', 'ву'],
    },
    {
      // Poland: a number, the last digits of the year, the county.
      find: /(?<![A-Za-z0-9_./-])\d{5}\/\d{2}\/\d{4}(?![A-Za-z0-9_/-])/,
      score: 0.7,
      near: ['prawo jazdy', 'prawa jazdy'],
    },
    {
      find: PAPER,
      score: 0.7,
      validate: (match) => digitsIn(match) >= 4,
      near: [
        ...[
          'driver license',
          'drivers license',
          'driver s license',
          'driving licence',
          'driving license',
          'driver licence',
          'license number',
          'licence number',
          'licence no',
          'license no',
          'driving permit',
          'dl no',
          'dl number',
          'dl nr',
          'numéro de permis',
          'n° de permis',
          'numero patente',
          'prawa jazdy',
          'rijbewijsnummer',
          'вод удостоверение',
          'водительские права',
          'номер ву',
          '運転免許証',
          '免許証番号',
          'lesen memandu',
          'sim a',
          'nomor sim',
        ],
        ...[
          'dl number',
          'führerschein',
          'permis de conduire',
          'licencia de conducir',
          'permiso de conducir',
          'patente di guida',
        ],
        ...[
          'carta de condução',
          'cnh',
          'rijbewijs',
          'prawo jazdy',
          'водительское удостоверение',
          '运転免許',
          '驾驶证',
          '운전면허',
          'fahrerlaubnis',
          'ajokortti',
          'körkort',
          'kørekort',
          'førerkort',
          'řidičský průkaz',
          'jogosítvány',
          'ehliyet',
          'sürücü belgesi',
          'посвідчення водія',
          'giấy phép lái xe',
          'ใบขับขี่',
        ],
      ],
    },
  ],
  source: 'DVLA (Great Britain); the issuing states',
  since: '0.2.0',
  finds: [
    "driver's license «K4182-7056-3917»",
    '«KESTR804173KX9QZ»',
    'Führerschein «B072RRE2I55»',
    'Fahrerlaubnis «MU41827056B»',
    'DL# «S418-2705-6391»',
    'nr prawa jazdy «00418/10/1465»',
    'numero patente: «RM4182705A»',
  ],
  ignores: ['part K4182-7056-3917', 'a driving licence is needed', '<dl>41827056</dl>', 'the licence of 2019'],
};
