import { isPlaceholder } from '../../check/placeholder.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Keys and salts in `wp-config.php`: 64 signs of any kind. The name belongs to the match, since the value has no form.
 */
export const wordpressSalt: Recogniser = {
  type: 'secret.wordpress_salt',
  name: 'Authentication key or salt of WordPress',
  exceptable: false,
  forms: [
    {
      find: /(?<![A-Za-z0-9_])(?:(?:SECURE_)?AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)['"]?[ \t]{0,4}[,=][ \t]{0,16}['"][^'"\r\n]{60,68}['"]/,
      score: 1,
      accepts: (match) => !isPlaceholder(match.slice(match.search(/[,=]/))),
    },
  ],
  source: 'WordPress, wp-config.php, authentication unique keys and salts',
  since: '0.3.0',
  finds: ["define( '«SECURE_AUTH_KEY',  'k#{base62:30}|+{base62:30}!'» );"],
  ignores: ["define( 'AUTH_KEY', 'put your unique phrase here' );", "define( 'NONCE_SALT', '' );"],
};
