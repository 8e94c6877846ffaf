import type { Recogniser } from '../../recogniser.ts';
import { isChosenPlaceholder } from '../../check/placeholder.ts';

/** `scheme://user:` or `scheme://:`, right before the password. */
const BEFORE = /[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s:/@"'<>]*:$/;

/**
 * The password of a URL: everything between the colon behind the user and the last `@` before the host. The rest of the
 * URL stays, so that people still see which database it was.
 */
export const urlPassword: Recogniser = {
  type: 'secret.url_password',
  name: 'Password in a URL or connection string',
  exceptable: false,
  forms: [
    {
      find: /(?<=:)[^\s/"'<>`]{1,200}(?=@)/,
      score: 1,
      accepts: (match, before) => BEFORE.test(before) && !isChosenPlaceholder(match),
    },
  ],
  source: 'RFC 3986, userinfo; the connection strings of PostgreSQL, MySQL, MongoDB, Redis, AMQP',
  since: '0.2.0',
  finds: [
    'DATABASE_URL=postgres://app:«tr4velling-Kestrel»@db.acme.example:5432/shop',
    'redis://:«kRe5telP4ss»@cache.acme.example:6379/0',
    'mongodb+srv://app:«p%40ss-w0rd9»@cluster.acme.example/?retryWrites=true',
    'https://ann:«x7Kestrel»@git.acme.example/team/app.git',
  ],
  ignores: [
    'postgres://user:password@localhost/db',
    'postgres://user:<your password>@localhost/db',
    'postgres://user:${DB_PASSWORD}@db.acme.example/shop',
    'postgres://app@db.acme.example/shop',
    'write to: ann@x.example',
    'see https://acme.example:8080/@ann',
  ],
};
