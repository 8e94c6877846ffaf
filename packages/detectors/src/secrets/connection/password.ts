import { isChosenPlaceholder } from '../../check/placeholder.ts';
import { isName } from '../../check/random.ts';
import { pairNameBefore } from '../../form/assignment.ts';
import type { Recogniser } from '../../recogniser.ts';

/** What a password is called, in thirty languages. */
const CALLED = [
  'password|passwd|passcode|passphrase|pwd|passwort|kennwort|mot de passe|mdp|contraseña|contrasena|clave(?: de acceso)?|senha|palavra passe',
  'wachtwoord|lösenord|adgangskode|passord|salasana|lykilorð|hasł[oa]|hesl[oa]|lozinka|geslo|jelszó|jelszava|parol[aăā]|parool|slaptažodis|şifre(?:si|niz)?',
  'парол[ья]|лозинка|κωδικ[όο]ς(?: πρόσβασης)?|סיסמה|סיסמא|كلمة (?:المرور|السر)|رمز عبور|पासवर्ड|mật khẩu|kata sandi|รหัสผ่าน',
  '密码|密碼|口令|パスワード|비밀번호|암호',
].join('|');

/** Between the name and the value. The short names need a sign. */
const SIGN = `(?:["'\`*_)]{0,3}\\s{0,3}(?:=>|->|:=|[:=：＝>])|\\s{0,2}(?:は|是|为|為))`;
const VERB = '(?:\\s(?:is|was|will be|to|ist|lautet|est|es|è|é|jest|je|är|er|on|это))?';
const OPENING = '["\'`*_]{0,3}\\s{0,20}["\'`*“„«「『]{0,3}$';
const LABEL = new RegExp(
  `(?:^|[^\\p{L}\\p{N}])(?:(?:${CALLED})(?:${SIGN}|${VERB}(?:\\s{0,2}:)?(?=\\s|「))|(?:pass|pw)["'\`*_]{0,3}\\s?[:=])${OPENING}`,
  'iu',
);

/** Passwords of documentation and of tests. */
const SHOWN =
  /^(?:my|new|old|your|the|a|some|super|very|strong|secure|test(?:ing)?|admin|user|root|demo|guest|default|welcome|qwerty|letmein|abc|foo|bar|hello|secret|p[a@4][s$5]{2}(?:w[o0]rd|wd)?)*[\W\d_]*(?:user|p[a@4][s$5]{2}(?:w[o0]rd|wd)?|secret|word|here)?[\W\d_]*$/i;

/** Code, places where a password is kept, and digests: what stands behind the name without being one. */
const CODE =
  /[()[\]{};|\\]|::|:\/\/|=>|\.\.|^[$%&@#-]|^\w+=|^[\w-]+(?:\.[\w-]+)+$|^[^\s@]+@[\w-]+(?:\.[\w-]+)+$|^(?:[\w.-]*\/){2,}|,.*,|^sha\d|^\d+(?:[./:-]\d+)+/i;

/** Three kinds of signs and more of them than a name has: `Test-User2` is no password, `Kestrel!42x` is one. */
function isPassword(value: string): boolean {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(value)).length;
  if (kinds < 3 || !/\d/.test(value)) return false;
  return !isName(value) && !CODE.test(value) && !SHOWN.test(value) && !isChosenPlaceholder(value);
}

const NAMES_IT = /(?:^|[^a-z])(?:password|passwd|pwd|passphrase|pass)$/;

/** Passwords that the text calls so, in sentences, fields and files: a strong one right behind the name. */
export const password: Recogniser = {
  type: 'secret.password',
  name: 'Password that the text calls one',
  exceptable: false,
  forms: [
    {
      find: /(?<=[\s:="'`“„«「『*>：＝は是为為])[^\s"'`“”„«»「」『』<>*：＝，。、]{7,63}[^\s"'`“”„«»「」『』<>*：＝，。、,;:?)\]}](?![^\s"'`“”„«»「」『』<>*，。、,;:?)\]}])/,
      score: 0.8,
      accepts(match, before) {
        if (!isPassword(match.replace(/\.+$/, ''))) return false;
        const pair = pairNameBefore(before);
        if (pair !== undefined) return NAMES_IT.test(pair);
        return LABEL.test(before.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll('-', ' '));
      },
      announcedBy: [
        ...[
          'pass',
          'pwd',
          'pw',
          'kennwort',
          'mot de passe',
          'mdp',
          'contraseña',
          'contrasena',
          'clave',
          'senha',
          'palavra',
        ],
        ...[
          'wachtwoord',
          'lösenord',
          'adgangskode',
          'salasana',
          'lykilorð',
          'hasł',
          'hesl',
          'lozinka',
          'geslo',
          'jelsz',
        ],
        ...['parol', 'parool', 'slaptažodis', 'şifre', 'парол', 'лозинка', 'κωδικ', 'סיסמ', 'المرور', 'السر', 'عبور'],
        ...['पासवर्ड', 'mật khẩu', 'sandi', 'รหัสผ่าน', '密码', '密碼', '口令', 'パスワード', '비밀번호', '암호'],
      ],
    },
  ],
  source: 'no issuer: how people, forms and files name it',
  since: '0.5.0',
  finds: [
    'my password is «Kestrel!42x», please reset it',
    '"password": "«Tr4velling!Kestrel9»"',
    'spring.datasource.password=«Tr4velling-Kestrel9»',
    '- name: DB_PASSWORD\n  value: "«Tr4velling-Kestrel9»"',
    'Passwort: «Kestrel!42x»',
    'パスワードは「«Kestrel!42x»」です',
    '密码：«Kestrel!42x»',
    'пароль — это важно, пароль: «Kestrel!42x»',
    'user: admin / pass: «Xk9#mQ2vLp»',
    '<password>«Xk9#mQ2vLp»</password>',
  ],
  ignores: [
    'The password must contain 8 characters, a digit and a symbol.',
    'password = getpass.getpass("Password2: ")',
    'password: process.env.DB_PASSWORD2',
    '"password": "Password123!"',
    'password: required|min:8|Max:64',
    'password_hash = "$2b$12$Kq9xYbT3mVw7LpZ2"',
    'password: userPassword2',
    'my password is not accepted since Update-24H2!',
    'password: ann.Lee2@acme.example',
  ],
  limits: 'only of three kinds of signs, a digit among them: `kestrel42` is taken for a name',
};
