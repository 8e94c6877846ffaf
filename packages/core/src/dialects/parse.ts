/**
 * Reads a pattern of any dialect: structure, groups, quantifiers and flags here, escapes and classes in
 * `parse-character.ts`. What a dialect has and one pass over text cannot do is refused at its place.
 */
import { Refusal } from './refusal.ts';
import { wordOf } from './classes.ts';
import { CharacterParser, type Flags } from './parse-character.ts';
import { type Dialect, EMPTY, type Node } from './syntax.ts';

const QUANTIFIER = /^(?:([*+?])|\{(\d*)(,?)(\d*)\})/;
const GROUP_FLAGS = /^\(\?(\^?[a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/;
const GROUP_NAME = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/;
/** A group that is run again where it is named: recursion. */
const CALL = /^\(\?(?:R|[+-]?\d+|&\w+|P>\w+)\)/;
const MOST_REPEATS = 100_000;

export interface ParsedPattern {
  readonly node: Node;
  /** True if characters are code points. */
  readonly unicode: boolean;
}

/** `flags`: those that hold from the beginning. */
export function parse(source: string, flags: string, dialect: Dialect): ParsedPattern {
  const unicode = dialect !== 'js' || flags.includes('u');
  const parser = new Parser(source, dialect, unicode);
  return { node: parser.all(flags), unicode };
}

class Parser extends CharacterParser {
  private captures = 0;
  private readonly names: Map<string, number> = new Map();
  /** References to names that come later, by their node. */
  private readonly named: { readonly name: string; readonly at: number }[] = [];

  all(flags: string): Node {
    const has = (flag: string): boolean => flags.includes(flag);
    this.countCaptures();
    const node = this.choice({
      ignoreCase: has('i'),
      multiline: has('m'),
      dotAll: has('s'),
      extended: has('x'),
      ascii: has('a'),
    });
    if (this.at < this.source.length) throw this.syntax('has a `)` without a `(`', 'remove it, or escape it: `\\)`');
    return node;
  }

  /** Numbers of names, so that a reference may come before its group. */
  private countCaptures(): void {
    let count = 0;
    let inClass = false;
    for (let at = 0; at < this.source.length; at++) {
      const character = this.source[at];
      if (character === '\\') at++;
      else if (inClass) inClass = character !== ']';
      else if (character === '[') inClass = true;
      else if (character === '(') {
        const rest = this.source.slice(at, at + 80);
        const name = GROUP_NAME.exec(rest);
        if (name !== null || !rest.startsWith('(?')) count++;
        if (name !== null) this.names.set((name[1] ?? name[2])!, count);
      }
    }
  }

  private choice(flags: Flags): Node {
    let own = flags;
    const branches: Node[] = [];
    for (;;) {
      const { node, flags: after } = this.branch(own);
      branches.push(node);
      // Flags that were set in a branch hold to the end of the group.
      own = after;
      if (!this.take('|')) break;
    }
    return branches.length === 1 ? branches[0]! : { kind: 'choice', items: branches };
  }

  private branch(flags: Flags): { readonly node: Node; readonly flags: Flags } {
    let own = flags;
    const items: Node[] = [];
    while (this.at < this.source.length && !this.sees('|') && !this.sees(')')) {
      if (own.extended && this.skipSpace()) continue;
      if (this.takeComment()) continue;
      const quoted = this.quoted(own);
      if (quoted !== undefined) {
        const last = quoted.pop();
        items.push(...quoted);
        if (last !== undefined) items.push(this.quantified(last, this.at, own));
        continue;
      }
      const set = this.flagsHere(own);
      if (set !== undefined) {
        own = set;
        continue;
      }
      const from = this.at;
      const item = this.item(own);
      items.push(this.quantified(item, from, own));
    }
    return { node: items.length === 1 ? items[0]! : { kind: 'sequence', items }, flags: own };
  }

  private item(flags: Flags): Node {
    const { dialect } = this;
    if (this.sees('(')) return this.group(flags);
    if (this.sees('[')) return this.characterClass(flags);
    if (this.sees('\\')) return this.reference(flags) ?? this.escape(flags);
    if (this.take('.')) return this.dot(flags);
    if (this.take('^')) return assertion(flags.multiline ? this.lineStart : '^');
    if (this.take('$')) {
      if (flags.multiline) return assertion(this.lineEnd);
      // Python and PCRE let a last line break follow; any line break is read so, which finds no less.
      return assertion(dialect === 'python' || dialect === 'pcre' ? '(?=\\n|$)' : '$');
    }
    if (/[*+?]/.test(this.source[this.at]!)) {
      throw this.syntax(
        `has \`${this.source[this.at]}\` with nothing to repeat`,
        'escape it, or put what it repeats before it',
      );
    }
    return this.literal(flags);
  }

  private get lineStart(): string {
    return this.dialect === 'js' ? '(?<=[\\n\\r\\u2028\\u2029]|^)' : '(?<=\\n|^)';
  }

  private get lineEnd(): string {
    return this.dialect === 'js' ? '(?=[\\n\\r\\u2028\\u2029]|$)' : '(?=\\n|$)';
  }

  private quantified(item: Node, from: number, flags: Flags): Node {
    let node = item;
    for (let count = 0; ; count++) {
      while (flags.extended && this.skipSpace());
      const found = this.quantifier();
      if (found === undefined) return node;
      if (count > 0 && this.dialect !== 'pcre') {
        throw this.syntax('repeats a repeat', 'put the inner one into a group: `(?:a+)+`', from);
      }
      if (found.max < found.min)
        throw this.syntax('has a repeat with its bounds reversed', 'write the smaller one first', from);
      if (found.min > MOST_REPEATS || (found.max !== Infinity && found.max > MOST_REPEATS)) {
        throw new Refusal('PATTERN_TOO_LARGE', 'is too large', 'lower its repeat counts or split it', { at: from });
      }
      // An assertion repeated says what it says once, or nothing.
      if (node.kind === 'look' || node.kind === 'assertion' || node.kind === 'boundary')
        node = found.min === 0 ? EMPTY : node;
      else node = { kind: 'repeat', item: node, ...found };
    }
  }

  private quantifier(): { readonly min: number; readonly max: number } | undefined {
    const [written, sign, first, comma, last] = QUANTIFIER.exec(this.source.slice(this.at, this.at + 24)) ?? [];
    if (written === undefined) return undefined;
    if (sign === undefined) {
      const opens = first === '';
      // `{,5}` is a count in Python and in PCRE; in the others, as `{}` in all of them, it is text.
      if (opens && (comma === '' || last === '' || this.dialect === 're2' || this.dialect === 'js')) return undefined;
    }
    this.at += written.length;
    // Lazy and possessive repeats match fewer spans at a time and the same characters in all: nothing to tell apart
    // here.
    if (!this.take('?') && (this.dialect === 'pcre' || this.dialect === 'python')) this.take('+');
    if (sign === '*') return { min: 0, max: Infinity };
    if (sign === '+') return { min: 1, max: Infinity };
    if (sign === '?') return { min: 0, max: 1 };
    const min = Number(first);
    return { min, max: comma === '' ? min : last === '' ? Infinity : Number(last) };
  }

  private group(flags: Flags): Node {
    const from = this.at;
    const rest = this.source.slice(from, from + 80);
    const name = GROUP_NAME.exec(rest);
    if (name !== null || !rest.startsWith('(?')) {
      this.at += name === null ? 1 : name[0].length;
      if (name === null && this.sees('*')) throw this.unsupported('a verb of PCRE', from);
      const number = ++this.captures;
      return { kind: 'capture', number, item: this.inside(flags, from) };
    }
    if (rest.startsWith('(?P=')) return this.namedReference(/^\(\?P=(\w+)\)/, flags);
    for (const [opening, behind, negated] of LOOKS) {
      if (!rest.startsWith(opening)) continue;
      this.at += opening.length;
      return { kind: 'look', behind, negated, item: this.inside(flags, from) };
    }
    // What an atomic group keeps from being tried again, one pass never tries twice.
    if (rest.startsWith('(?:') || rest.startsWith('(?>')) {
      this.at += 3;
      return this.inside(flags, from);
    }
    const [written] = GROUP_FLAGS.exec(rest) ?? [];
    if (written !== undefined) {
      this.at += written.length;
      return this.inside(this.changed(flags, from), from);
    }
    if (rest.startsWith('(?(')) throw this.unsupported('a condition', from);
    if (rest.startsWith('(?|')) throw this.unsupported('a branch reset', from);
    throw this.unsupported('a group of a kind that is not known here', from);
  }

  /** The rest of a group, and its end. */
  private inside(flags: Flags, from: number): Node {
    const node = this.choice(flags);
    if (!this.take(')')) throw this.syntax('has a `(` without a `)`', 'close the group, or escape it: `\\(`', from);
    return node;
  }

  /** Flags that hold from here to the end of the group: `(?i)`. */
  private flagsHere(flags: Flags): Flags | undefined {
    if (CALL.test(this.source.slice(this.at, this.at + 40))) throw this.unsupported('a call of another group', this.at);
    const [written, , , end] = GROUP_FLAGS.exec(this.source.slice(this.at, this.at + 40)) ?? [];
    if (written === undefined || end !== ')') return undefined;
    const from = this.at;
    this.at += written.length;
    return this.changed(flags, from);
  }

  private changed(flags: Flags, from: number): Flags {
    const [, on = '', off = ''] = GROUP_FLAGS.exec(this.source.slice(from, from + 40))!;
    const known = KNOWN_FLAGS[this.dialect];
    for (const flag of on.replace('^', '') + off) {
      if (!known.includes(flag))
        throw this.syntax(`sets the flag \`${flag}\`, which ${NAMES[this.dialect]} does not have`, 'remove it', from);
    }
    const base = on.startsWith('^')
      ? { ignoreCase: false, multiline: false, dotAll: false, extended: false, ascii: flags.ascii }
      : flags;
    const after = (flag: string, before: boolean): boolean =>
      off.includes(flag) ? false : on.includes(flag) || before;
    return {
      ignoreCase: after('i', base.ignoreCase),
      multiline: after('m', base.multiline),
      dotAll: after('s', base.dotAll),
      extended: after('x', base.extended),
      ascii: after('a', base.ascii) && !on.includes('u'),
    };
  }

  private reference(flags: Flags): Node | undefined {
    const from = this.at;
    const rest = this.source.slice(from, from + 40);
    if (this.dialect !== 're2') {
      const number = /^\\(?:([1-9]\d?)|g\{?([1-9]\d?)\}?)/.exec(rest);
      const isNumber = number !== null && (this.dialect === 'pcre' || number[1] !== undefined);
      const to = Number(number?.[1] ?? number?.[2]);
      // Without a group of that number, JavaScript reads an octal escape.
      if (isNumber && (this.dialect !== 'js' || this.unicode || to <= this.groupCount)) {
        this.at += number[0].length;
        return { kind: 'reference', to, fold: flags.ignoreCase, at: from };
      }
      if (/^\\(?:k[<{']|g\{[A-Za-z_])/.test(rest) && (this.dialect === 'pcre' || this.names.size > 0)) {
        return this.namedReference(/^\\[kg](?:<(\w+)>|\{(\w+)\}|'(\w+)')/, flags);
      }
      if (rest.startsWith('\\g') && this.dialect === 'pcre') throw this.unsupported('a call of another group', from);
    }
    const { multiline: _, ascii } = flags;
    if (this.takeEscape('b')) return { kind: 'boundary', negated: false, word: wordOf(this.dialect, ascii) };
    if (this.takeEscape('B')) return { kind: 'boundary', negated: true, word: wordOf(this.dialect, ascii) };
    if (this.dialect === 'js') return undefined;
    if (this.takeEscape('A')) return assertion('^');
    if (this.takeEscape('z') || (this.dialect === 'python' && this.takeEscape('Z'))) return assertion('$');
    if (this.dialect === 'pcre' && this.takeEscape('Z')) return assertion('(?=\\n|$)');
    if (this.dialect === 'pcre' && this.takeEscape('G')) return EMPTY;
    return undefined;
  }

  private namedReference(written: RegExp, flags: Flags): Node {
    const from = this.at;
    const [all, ...names] = written.exec(this.source.slice(from)) ?? [];
    const to = this.names.get(names.find((name) => name !== undefined) ?? '');
    if (all === undefined || to === undefined)
      throw this.syntax('refers to a group that it does not have', 'correct the name', from);
    this.at += all.length;
    return { kind: 'reference', to, fold: flags.ignoreCase, at: from };
  }

  private get groupCount(): number {
    return (this.source.replaceAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]/g, '').match(/\((?!\?)|\(\?P?<[A-Za-z_]/g) ?? [])
      .length;
  }
}

const LOOKS = [
  ['(?=', false, false],
  ['(?!', false, true],
  ['(?<=', true, false],
  ['(?<!', true, true],
] as const;

const KNOWN_FLAGS: { readonly [D in Dialect]: string } = { js: 'ims', re2: 'imsU', pcre: 'imsxnUJ', python: 'imsxaLu' };
const NAMES: { readonly [D in Dialect]: string } = { js: 'JavaScript', re2: 'RE2', pcre: 'PCRE', python: 'Python' };

function assertion(source: string): Node {
  return { kind: 'assertion', source };
}
