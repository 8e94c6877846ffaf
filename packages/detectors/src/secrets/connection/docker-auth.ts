import { isChosenPlaceholder } from '../../check/placeholder.ts';
import { passwordOf } from '../../check/basic.ts';
import { VALUE } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Credentials of registries in configuration files: base64 of `user:password` behind `"auth":` or `_auth =`. */
export const dockerAuth: Recogniser = {
  type: 'secret.registry_auth',
  name: 'Credentials of a package or image registry',
  exceptable: false,
  forms: [
    {
      find: VALUE,
      score: 1,
      accepts(match, before) {
        if (/\b_password\s{0,2}=\s{0,2}["']?$/.test(before))
          return /^(?:[A-Za-z0-9+/]{4})+={0,2}$|=$/.test(match) && !isChosenPlaceholder(match);
        if (!/(?:["']auth["']\s{0,2}:\s{0,2}["']|\b_auth\s{0,2}=\s{0,2}["']?)$/.test(before)) return false;
        const password = passwordOf(match);
        return password !== undefined && password !== '' && !isChosenPlaceholder(password);
      },
    },
  ],
  source: 'Docker, config.json; npm, .npmrc',
  since: '0.3.0',
  finds: [
    '//npm.acme.example/:_password=«{base62:24}»',
    '{"auths":{"registry.acme.example":{"auth":"«YW5uOnRyNHZlbGxpbmc=»"}}}',
  ],
  ignores: ['"auth": "dXNlcjpwYXNzd29yZA=="', '"auth": "required-for-everyone"', 'self._password = handler.password'],
};
