import type { Recogniser } from '../../recogniser.ts';

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
      find: /(?<![A-Za-z0-9])[A-Z0-9](?:[ -]?[A-Z0-9]){4,17}(?![A-Za-z0-9])/,
      score: 0.7,
      validate: (match) => (match.match(/\d/g) ?? []).length >= 4,
      near: [
        ...[
          'driver license',
          'drivers license',
          'driver s license',
          'driving licence',
          'driving license',
          'driver licence',
          'license number',
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
  ],
  ignores: ['part K4182-7056-3917', 'a driving licence is needed'],
};
