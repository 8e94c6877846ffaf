import { isChosenPlaceholder } from '../../check/placeholder.ts';
import { looksChosen } from '../../check/random.ts';
import type { Recogniser } from '../../recogniser.ts';

/** `-u name:` or `--user "name:`, right before the password. */
const AS_USER = /(?:^|\s)(?:-u|--user|--proxy-user)[ =]*\\?\s{0,8}["']?[^\s"':]{0,64}["']?:["']?$/;

/** `1000:1000` and `www:www` name a user and a group. */
const isPassword = (value: string): boolean => !isChosenPlaceholder(value) && looksChosen(value);

/** What follows the option or the variable. */
const valueOf = (match: string): string => match.replace(/^(?:--?[a-z-]+|[A-Z_]+)[ =]["']?/, '');

/** `--password=`, `PGPASSWORD=`, right before the value. */
const GIVEN =
  /(?:(?:^|[^A-Za-z0-9-])--(?:[a-z]{2,12}-)?pass(?:word|wd)?|\b(?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH|SSHPASS))=["']?$/;

/** Commands of which `-p` or `-a` is the password. */
const TAKES_IT =
  /\b(?:mysql(?:dump|admin|import)?|mariadb(?:-dump)?|sshpass|redis-cli|(?:docker|podman|nerdctl|buildah|oras|helm registry) login)\b[^\n|;&]*$/;
const TAKES_IT_IN_CAPITALS = /\b(?:sqlcmd|bcp)\b[^\n|;&]*$/;

/** Passwords in the options of commands: `curl -u name:password`, `--password=...`, `PGPASSWORD=...`. */
export const commandPassword: Recogniser = {
  type: 'secret.command_password',
  name: 'Password in the options of a command',
  exceptable: false,
  forms: [
    {
      find: /(?<=[:'])[^\s"':<>]{6,100}(?![^\s"'])/,
      score: 0.9,
      accepts: (match, before) => AS_USER.test(before) && isPassword(match),
    },
    {
      // A name that is the key itself, with nothing behind its colon.
      find: /(?<![A-Za-z0-9-])(?:-u|--user)[ =]["']?[^\s"':<>]{10,100}:(?=["'\s])/,
      score: 0.9,
      accepts: (match) => /\d/.test(match) && isPassword(valueOf(match).slice(0, -1)),
    },
    {
      // The name of the option or of the variable stays.
      find: /(?<=[="'])[^\s"'<>=]{6,100}(?![^\s"'])/,
      score: 0.9,
      accepts: (match, before) => GIVEN.test(before) && isPassword(match),
    },
    {
      find: /(?<![A-Za-z0-9-])--(?:[a-z]{2,12}-)?pass(?:word|wd)? ["']?[^\s"'<>=]{6,100}(?![^\s"'])/,
      score: 0.9,
      accepts: (match) => isPassword(valueOf(match)),
    },
    {
      find: /(?<![A-Za-z0-9-])-[paP] ?["']?[^\s"'<>=-][^\s"'<>=]{5,100}(?![^\s"'])/,
      score: 0.9,
      accepts: (match, before) =>
        (match[1] === 'P' ? TAKES_IT_IN_CAPITALS : TAKES_IT).test(before) &&
        isPassword(match.replace(/^-[paP] ?["']?/, '')),
    },
  ],
  source: 'curl, psql, mysql, redis-cli and sshpass: their manuals',
  since: '0.3.0',
  finds: [
    'curl -u elastic:«P4ssKestrel$1» https://search.acme.example:9200',
    "curl -s --user 'api:«d2LkV78zLx!t»' https://api.acme.example/v2",
    'curl «-u "d2LkV78zLx7t9Qm:»" https://api.acme.example/v1/charges',
    'PGPASSWORD=«tr4velling-Kestrel» psql -h db.acme.example',
    'mysql --user=app --password=«kR4velling» shop',
    'mysql -u app «-pkR4velling» shop',
    'sshpass «-p kR4velling» ssh app@host',
    'docker login -u ann «-p kR4velling-9» registry.acme.example',
    'sqlcmd -S db -U sa «-P kR4velling!9»',
  ],
  ignores: [
    'docker run -u 1000:1000 acme/app',
    'docker run --user nginx:nginx acme/app',
    'curl -u name:password https://acme.example',
    'curl -u "$USER:$PASSWORD" https://acme.example',
    'mysql --password=<password> shop',
    'sudo -u postgres psql',
    'mkdir -p build/kestrel-2x',
    'mysql -p customers',
    'docker run -p kR4velling:80 acme/app',
    'cp -p Kestrel2.txt x',
  ],
  limits: 'words of plain letters are taken for names of groups',
};
