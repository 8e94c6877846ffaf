import { isChosenPlaceholder } from '../../check/placeholder.ts';
import type { Recogniser } from '../../recogniser.ts';

/** The field of the secret, behind another field of the same string. */
const FIELD = /(?:password|pwd|accountkey|sharedaccesskey|sharedsecretkey)\s*=\s*$/i;
const OTHER = /(?:server|data source|host|endpoint|accountname|user id|uid|username|database|initial catalog)\s*=/i;

/** The same among the parameters of an address: `jdbc:postgresql://db/shop?user=app&password=...`. */
const PARAMETER =
  /(?:jdbc:|(?:^|[^A-Za-z])(?!https?:)[a-z][a-z0-9+.-]*:\/\/|[?&;](?:user|username|databasename|database|currentschema)=)[^\s"'<>]*[?&;](?:password|pwd|passwd|sslpassword|authtoken)=$/i;

/** The secret of a connection string of fields: `Server=...;User Id=...;Password=...;`. The other fields stay. */
export const connectionString: Recogniser = {
  type: 'secret.connection_string',
  name: 'Secret in a connection string of fields',
  exceptable: false,
  forms: [
    {
      find: /(?<==)[^\s;"'<>=][^\s;"'<>]{3,200}(?=[;"'\s]|$)/,
      score: 1,
      // `password=password,` is the argument of a call.
      accepts: (match, before) =>
        FIELD.test(before) && OTHER.test(before) && !/[,)]$/.test(match) && !isChosenPlaceholder(match),
    },
    {
      find: /(?<==)[^\s&;"'<>=][^\s&;"'<>]{3,200}(?=[&;"'\s]|$)/,
      score: 1,
      accepts: (match, before) => PARAMETER.test(before) && !isChosenPlaceholder(match),
    },
  ],
  source: 'ADO.NET, ODBC and Azure connection strings',
  since: '0.2.0',
  finds: [
    'jdbc:postgresql://db.acme.example/shop?user=app&password=«tr4velling-Kestrel»&ssl=true',
    'jdbc:sqlserver://db.acme.example:1433;user=app;password=«tr4velling-Kestrel»;',
    'Server=db.acme.example;User Id=app;Password=«tr4velling-Kestrel»;Encrypt=true',
  ],
  ignores: [
    'connect(username=name, password=password, port=5432)',
    'https://acme.example/help?topic=password=reset',
    'jdbc:mysql://db/shop?user=app&password=${PASSWORD}',
    'Server=db.acme.example;User Id=app;Password=${DB_PASSWORD};',
    'password=kestrel-wing',
  ],
};
