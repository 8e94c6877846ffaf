import { luhn } from '../../check/luhn.ts';
import { printed, standing } from '../../form/number.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Numbers of mobile devices and of SIM cards, with their check digits. */
export const imei: Recogniser = {
  type: 'pii.imei',
  name: 'IMEI, ICCID',
  fold: true,
  forms: [
    { find: printed('##-######-######-#', true), score: 0.9, validate: luhn },
    { find: printed('## ###### ###### #', false), score: 0.8, validate: luhn, near: ['imei'] },
    { find: standing('\\d{14,15}'), score: 0.7, near: ['imsi'] },
    { find: standing('\\d{15}'), score: 0.8, validate: luhn, near: ['imei', 'device id', 'handset', 'serial'] },
    { find: standing('89\\d{17,18}'), score: 0.8, validate: luhn, near: ['iccid', 'sim', 'sim card'] },
  ],
  source: '3GPP TS 23.003; ITU-T E.118',
  since: '0.2.0',
  finds: ['IMEI «35 418270 563917 5»', 'IMSI «310150418270563»', 'IMEI «354182705639175»', '«35-418270-563917-5»'],
  ignores: ['IMEI 354182705639176', 'order 354182705639175'],
};
