import { passwordOf } from '../../check/basic.ts';
import { isChosenPlaceholder } from '../../check/placeholder.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Credentials of HTTP basic authentication: base64 of `user:password`. What decodes to anything else is English. */
export const basicHeader: Recogniser = {
  type: 'secret.basic_auth',
  name: 'HTTP basic credentials',
  forms: [
    {
      find: /(?<![A-Za-z0-9])[Bb]asic [A-Za-z0-9+/]{8,200}={0,2}(?![A-Za-z0-9+/=])/,
      score: 1,
      validate(match) {
        const password = passwordOf(match.slice('Basic '.length));
        return password !== undefined && password !== '' && !isChosenPlaceholder(password);
      },
    },
  ],
  source: 'RFC 7617',
  since: '0.2.0',
  finds: ['Authorization: «Basic YW5uOnRyNHZlbGxpbmc=»', '«Basic YXBwbGljYXRpb24tdXNlcjpncvxuNGV2ZXI=»'],
  ignores: ['Basic understanding of the subject', 'Authorization: Basic dXNlcjpwYXNzd29yZA=='],
};
