import type { Recogniser } from '../../recogniser.ts';

/** E-mail addresses in links, where the `@` is `%40`, and in markup, where it is a reference. */
export const emailEncoded: Recogniser = {
  type: 'pii.email.encoded',
  name: 'E-mail address, encoded',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(?:%40|&#64;|&#x40;|&#X40;|&commat;|\\u0040)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,156}[A-Za-z0-9])?\.[A-Za-z]{2,24}(?![A-Za-z])/,
      score: 1,
    },
  ],
  source: 'RFC 3986 percent-encoding; HTML character references',
  since: '0.2.0',
  finds: [
    'https://mail.acme.example/compose?to=«ada.lind%40acme.example»',
    '«ada&#64;acme.example»',
    '«ada&#x40;acme.example»',
    '{"to":"«ada\\u0040acme.example»"}',
  ],
  ignores: ['50%40 of it', 'a%40b'],
};
