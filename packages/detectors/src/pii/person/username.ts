import type { Recogniser } from '../../recogniser.ts';

/** Names that nobody has, and words of programs. */
const NOBODY = new Set(
  'admin administrator root user users username name login guest test tester demo example string text null none nil undefined true false value input self this request data your-name anonymous'.split(
    ' ',
  ),
);

/** What a field is called, right before its value. */
const FIELD =
  /(?:^|[^\p{L}])(?:user ?name|user[_-]name|user[_-]?id|login(?:[_ -]name)?|screen[_ -]?name|nick ?name|account name|gamertag|benutzername|benutzerkennung|nutzername|nom d['’]utilisateur|identifiant|pseudo|nombre de usuario|usuario|nome utente|nome de usuário|usuário|gebruikersnaam|nazwa użytkownika|användarnamn|brukernavn|brugernavn|käyttäjänimi|имя пользователя|логин|kullanıcı adı|用户名|ユーザー名|사용자 이름|아이디)["'”]?\s?[:=]$/iu;

/** The value alone: it may come with a space, a quotation mark and an `@`. */
const bare = (match: string): string => match.replace(/^[ "'@]+/, '').toLowerCase();

/**
 * Names that people choose for an account: in the field that says so, and handles beside the name of their network. On
 * request, `use: pii/person`: programs and their documentation are full of such fields.
 */
export const username: Recogniser = {
  type: 'pii.username',
  name: 'User name',
  fold: true,
  forms: [
    {
      find: /(?<=[:=]) ?["']?@?[A-Za-z0-9][A-Za-z0-9_.-]{2,31}(?![A-Za-z0-9_.@([{<-])/,
      score: 0.7,
      accepts: (match, before) =>
        FIELD.test(before) &&
        !NOBODY.has(bare(match)) &&
        (/["']/.test(match) || (/[\d_.-]/.test(bare(match)) && !before.endsWith('='))),
    },
    {
      find: /(?<![A-Za-z0-9_.@/+-])@[A-Za-z0-9_][A-Za-z0-9_.]{2,29}(?![A-Za-z0-9_.@/-])/,
      score: 0.6,
      validate: (match) => !NOBODY.has(bare(match)),
      near: [
        'handle',
        'twitter',
        'instagram',
        'telegram',
        'tiktok',
        'snapchat',
        'mastodon',
        'bluesky',
        'weibo',
        'follow me',
      ],
    },
  ],
  source: 'forms of sign-in pages; the rules of the networks for handles',
  since: '0.3.0',
  finds: [
    'username:« ann_lee84»',
    '{"userName":«"kestrel.ann»"}',
    'Benutzername:« a.kestrel»',
    'my Instagram is «@kestrel.ann»',
  ],
  ignores: [
    'username: admin',
    'username = request.form',
    'const username = getName()',
    'the @media rule',
    'user_id: string',
  ],
  limits: 'plain words without quotation marks are not found: most of them are names of variables',
};
