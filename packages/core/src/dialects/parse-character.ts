/** Reads one character of a pattern: a letter, an escape, a class in brackets. */
import { Refusal } from './refusal.ts';
import { outside, posixClass, property, shortClass } from './classes.ts';
import { type Dialect, literal, type Member, type Node } from './syntax.ts';

/** What holds at a place of the pattern. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  /** White space and comments between the parts are not part of it. */
  readonly extended: boolean;
  /** Python: words and digits of ASCII only. */
  readonly ascii: boolean;
}

/** A character, or several in one escape. */
type Escaped = { readonly character: number } | { readonly members: readonly Member[]; readonly negated: boolean };

const CONTROL: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const LINE_ENDS: readonly Member[] = [[10, 10], [13, 13], [0x2028, 0x2029]]; // oxfmt-ignore
const LAST = 0x10ffff;

export abstract class CharacterParser {
  protected readonly source: string;
  protected readonly dialect: Dialect;
  protected readonly unicode: boolean;
  protected at = 0;

  constructor(source: string, dialect: Dialect, unicode: boolean) {
    this.source = source;
    this.dialect = dialect;
    this.unicode = unicode;
  }

  protected sees(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  protected take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  protected takeEscape(letter: string): boolean {
    return this.take(`\\${letter}`);
  }

  protected syntax(reason: string, advice: string, at: number = this.at): Refusal {
    return new Refusal('PATTERN_SYNTAX', reason, advice, { at });
  }

  protected unsupported(what: string, at: number): Refusal {
    return this.syntax(
      `has ${what}, which no linear scan can follow`,
      'write the cases out as alternatives, or decide in `validate`',
      at,
    );
  }

  /** White space and comments under the flag `x`. */
  protected skipSpace(): boolean {
    const [skipped = ''] = /^(?:\s|#[^\n]*)+/.exec(this.source.slice(this.at)) ?? [];
    this.at += skipped.length;
    return skipped !== '';
  }

  protected takeComment(): boolean {
    if (this.dialect === 'js' || !this.sees('(?#')) return false;
    const end = this.source.indexOf(')', this.at);
    if (end < 0) throw this.syntax('has a comment without an end', 'close it with `)`');
    this.at = end + 1;
    return true;
  }

  protected literal({ ignoreCase }: Flags): Node {
    return literal(this.character(), ignoreCase);
  }

  protected dot({ dotAll }: Flags): Node {
    if (dotAll) return { kind: 'set', members: [], negated: true, fold: false };
    const members = this.dialect === 'js' ? LINE_ENDS : LINE_ENDS.slice(0, 1);
    return { kind: 'set', members, negated: true, fold: false };
  }

  protected escape(flags: Flags): Node {
    if (this.dialect === 'pcre' && this.takeEscape('R')) {
      return {
        kind: 'choice',
        items: [
          sequenceOf('\r\n'),
          {
            kind: 'set',
            members: [
              [10, 13],
              [0x85, 0x85],
              [0x2028, 0x2029],
            ],
            negated: false,
            fold: false,
          },
        ],
      };
    }
    const escaped = this.escaped(flags, false);
    return 'character' in escaped
      ? literal(escaped.character, flags.ignoreCase)
      : { kind: 'set', ...escaped, fold: flags.ignoreCase };
  }

  protected characterClass(flags: Flags): Node {
    const from = this.at++;
    const negated = this.take('^');
    const members: Member[] = [];
    /** Classes such as Python's `\W` that no member can express. */
    const without: (readonly Member[])[] = [];
    for (let first = true; first || !this.sees(']'); first = false) {
      if (this.at >= this.source.length)
        throw this.syntax('has a `[` without a `]`', 'close the class, or escape it: `\\[`', from);
      if (first && this.dialect === 'js' && this.sees(']')) break;
      const part = this.classPart(flags);
      if (!('character' in part)) {
        const complete = part.negated ? negatedMembers(part.members) : part.members;
        if (complete === undefined) without.push(part.members);
        else members.push(...complete);
        continue;
      }
      const to = this.rangeEnd(flags);
      if (to !== undefined && to < part.character)
        throw this.syntax('has a range with its ends reversed', 'write the smaller one first', from);
      members.push([part.character, to ?? part.character]);
    }
    this.at++;
    const set = (own: readonly Member[], isNegated: boolean): Node => ({
      kind: 'set',
      members: own,
      negated: isNegated,
      fold: flags.ignoreCase,
    });
    if (without.length === 0) return set(members, negated);
    // `[\W-]` is one or the other; `[^\W-]` is neither, so what `\W` leaves out and no `-`.
    if (!negated)
      return {
        kind: 'choice',
        items: [...(members.length > 0 ? [set(members, false)] : []), ...without.map((own) => set(own, true))],
      };
    const looks = without.map((own): Node => ({ kind: 'look', behind: false, negated: false, item: set(own, false) }));
    return { kind: 'sequence', items: [...looks, set(members, true)] };
  }

  private classPart(flags: Flags): Escaped {
    if (this.sees('[:') && (this.dialect === 're2' || this.dialect === 'pcre')) {
      const [written, not, name] = /^\[:(\^?)([a-z]+):\]/.exec(this.source.slice(this.at, this.at + 16)) ?? [];
      if (written !== undefined) {
        const members = posixClass(name!);
        if (members === undefined)
          throw this.syntax(`has the class \`${written}\`, which does not exist`, 'correct its name');
        this.at += written.length;
        return { members, negated: not !== '' };
      }
    }
    if (!this.sees('\\')) return { character: this.character() };
    if (this.takeEscape('b')) return { character: 8 };
    return this.escaped(flags, true);
  }

  /** The end of a range, if there is one: `-` is itself at the end of a class and beside a class such as `\d`. */
  private rangeEnd(flags: Flags): number | undefined {
    if (!this.sees('-') || this.source.startsWith('-]', this.at)) return undefined;
    const from = this.at++;
    const end = this.classPart(flags);
    if ('character' in end) return end.character;
    this.at = from;
    return undefined;
  }

  private escaped(flags: Flags, inClass: boolean): Escaped {
    const from = this.at++;
    const { dialect } = this;
    if (this.at >= this.source.length) throw this.syntax('ends with a backslash', 'escape it: `\\\\`', from);
    const letter = this.source[this.at]!;
    const named = shortClass(dialect, letter, flags.ascii);
    if (named !== undefined) {
      this.at++;
      return named;
    }
    if (/[pP]/.test(letter) && (dialect !== 'js' || this.unicode) && dialect !== 'python') return this.property(from);
    const control =
      letter === 'a' && dialect !== 'js' ? 7 : letter === 'e' && dialect === 'pcre' ? 27 : CONTROL[letter];
    if (control !== undefined) {
      this.at++;
      return { character: control };
    }
    const code = this.codeOf(letter);
    if (code !== undefined) return { character: code };
    if (/[A-Za-z0-9]/.test(letter)) {
      const isLoose = dialect === 'js' && !this.unicode;
      if (!isLoose) {
        const what = inClass ? ' in a class' : '';
        throw this.syntax(
          `has the escape \`\\${letter}\`${what}, which is not known here`,
          'see the reference of patterns',
          from,
        );
      }
    }
    return { character: this.character() };
  }

  /** An escape by number. */
  private codeOf(letter: string): number | undefined {
    const rest = this.source.slice(this.at, this.at + 16);
    const { dialect } = this;
    const hex =
      /^x([\dA-Fa-f]{2})/.exec(rest) ??
      (dialect === 're2' || dialect === 'pcre' ? /^x\{([\dA-Fa-f]{1,6})\}/.exec(rest) : null) ??
      (dialect === 'js' || dialect === 'python' ? /^u([\dA-Fa-f]{4})/.exec(rest) : null) ??
      (dialect === 'js' && this.unicode ? /^u\{([\dA-Fa-f]{1,6})\}/.exec(rest) : null) ??
      (dialect === 'python' ? /^U([\dA-Fa-f]{8})/.exec(rest) : null);
    if (hex !== null) return this.numbered(hex[0], Number.parseInt(hex[1]!, 16));
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    if (octal !== null && /[0-7]/.test(letter)) return this.numbered(octal[0], Number.parseInt(octal[0], 8));
    const control = /^c([A-Za-z])/.exec(rest);
    if (control !== null && (dialect === 'js' || dialect === 'pcre')) {
      return this.numbered(control[0], control[1]!.charCodeAt(0) & 31);
    }
    return undefined;
  }

  private numbered(written: string, code: number): number {
    if (code > LAST) throw this.syntax('names a character that does not exist', 'correct its number');
    this.at += written.length;
    return code;
  }

  private property(from: number): Escaped {
    const [written, short, name = short] =
      /^[pP](?:([A-Z])|\{\^?([^}]*)\})/.exec(this.source.slice(this.at, this.at + 60)) ?? [];
    const isNegated = written !== undefined && written.startsWith('P') !== written.includes('{^');
    const member = written === undefined ? undefined : property(name!, isNegated);
    if (member === undefined)
      throw this.syntax(
        'names a property of Unicode that is not known',
        'correct its name: `\\p{L}`, `\\p{Greek}`',
        from,
      );
    this.at += written!.length;
    return { members: [member], negated: false };
  }

  /** The characters between `\Q` and `\E`, if such a part begins here. */
  protected quoted(flags: Flags): Node[] | undefined {
    if (this.dialect === 'js' || this.dialect === 'python') return undefined;
    if (this.takeEscape('E')) return [];
    if (!this.takeEscape('Q')) return undefined;
    const items: Node[] = [];
    while (this.at < this.source.length && !this.takeEscape('E')) items.push(this.literal(flags));
    return items;
  }

  private character(): number {
    const code = this.unicode ? this.source.codePointAt(this.at)! : this.source.charCodeAt(this.at);
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }
}

function sequenceOf(text: string): Node {
  return { kind: 'sequence', items: [...text].map((character) => literal(character.codePointAt(0)!, false)) };
}

/** Everything but some members; `undefined` if that is no list of members. */
function negatedMembers(members: readonly Member[]): readonly Member[] | undefined {
  const [first] = members;
  if (members.length === 1 && typeof first === 'string') {
    if (/^\\[dwsp]/.test(first)) return [`\\${first[1]!.toUpperCase()}${first.slice(2)}`];
    return /^\\[DWSP]/.test(first) ? [`\\${first[1]!.toLowerCase()}${first.slice(2)}`] : undefined;
  }
  return outside(members);
}
