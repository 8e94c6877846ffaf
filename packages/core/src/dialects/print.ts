/** Writes a pattern as a JavaScript regular expression that needs no flags but `u` and `i`. */
import { type Member, type Node, nodesOf } from './syntax.ts';

/** Characters of a class that are looked at one by one for their other cases; longer ranges hold both cases anyway. */
const MOST_CASED = 512;
/** Letters that only fold to ASCII ones by the rules of Unicode. */
const ALSO: Readonly<Record<string, number>> = { k: 0x212a, s: 0x17f, å: 0x212b };

export function print(node: Node, unicode: boolean): { readonly source: string; readonly flags: string } {
  const cased = [...nodesOf(node)].filter((part) => part.kind === 'set' && part.members.some(hasCases));
  const isFolded = cased.some((part) => part.kind === 'set' && part.fold);
  const isMixed = isFolded && cased.some((part) => part.kind === 'set' && !part.fold);
  const printer = new Printer(unicode, isMixed);
  return { source: printer.print(node), flags: (isFolded && !isMixed ? 'i' : '') + (unicode ? 'u' : '') };
}

class Printer {
  private readonly unicode: boolean;
  /** Write both cases out, because not everything is in any case. */
  private readonly bothCases: boolean;

  constructor(unicode: boolean, bothCases: boolean) {
    this.unicode = unicode;
    this.bothCases = bothCases;
  }

  print(node: Node): string {
    switch (node.kind) {
      case 'set':
        return this.set(node.members, node.negated, node.fold && this.bothCases);
      case 'sequence':
        return node.items.map((item, at) => this.item(item, node.items[at - 1], node.items[at + 1])).join('');
      case 'choice':
        return node.items.length === 0 ? '[]' : `(?:${node.items.map((item) => this.print(item)).join('|')})`;
      case 'repeat':
        return this.repeat(node.item, node.min, node.max);
      case 'capture':
        return `(?:${this.print(node.item)})`;
      case 'look':
        return `(?${node.behind ? '<' : ''}${node.negated ? '!' : '='}${this.print(node.item)})`;
      case 'assertion':
        return node.source;
      default:
        return this.item(node, undefined, undefined);
    }
  }

  private item(node: Node, before: Node | undefined, after: Node | undefined): string {
    if (node.kind !== 'boundary') return this.print(node);
    const { word, negated } = node;
    if (word === undefined) return negated ? '\\B' : '\\b';
    const [noWordBefore, wordBefore] = [`(?<!${word})`, `(?<=${word})`];
    const [noWordAfter, wordAfter] = [`(?!${word})`, `(?=${word})`];
    if (negated) return `(?:${noWordBefore}${noWordAfter}|${wordBefore}${wordAfter})`;
    // A neighbour that is known leaves one question.
    const next = after === undefined ? undefined : isWord(after, 'first');
    if (next !== undefined) return next ? noWordBefore : wordBefore;
    const last = before === undefined ? undefined : isWord(before, 'last');
    if (last !== undefined) return last ? noWordAfter : wordAfter;
    return `(?:${noWordBefore}${wordAfter}|${wordBefore}${noWordAfter})`;
  }

  private repeat(item: Node, min: number, max: number): string {
    const body = this.print(item);
    const one = item.kind === 'set' || item.kind === 'capture' || item.kind === 'choice' ? body : `(?:${body})`;
    if (max === Infinity) return one + (min === 0 ? '*' : min === 1 ? '+' : `{${min},}`);
    if (min === 0 && max === 1) return `${one}?`;
    return `${one}{${min === max ? min : `${min},${max}`}}`;
  }

  private set(members: readonly Member[], negated: boolean, bothCases: boolean): string {
    const all = bothCases ? members.flatMap((member) => this.cases(member)) : members;
    const [first] = all;
    if (!negated && all.length === 1) {
      if (typeof first === 'string') return first;
      if (first![0] === first![1]) return this.character(first![0], SPECIAL);
    }
    return `[${negated ? '^' : ''}${all.map((member) => this.member(member)).join('')}]`;
  }

  private member(member: Member): string {
    if (typeof member === 'string') return member;
    const [from, to] = member;
    const first = this.character(from, SPECIAL_IN_CLASS);
    return from === to ? first : `${first}-${this.character(to, SPECIAL_IN_CLASS)}`;
  }

  private character(code: number, special: RegExp): string {
    if (code >= 0x21 && code < 0x7f) {
      const character = String.fromCharCode(code);
      return special.test(character) ? `\\${character}` : character;
    }
    if (code === 0x20) return ' ';
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return this.unicode ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  }

  /** A part of a class with what it is in the other case. */
  private cases(member: Member): readonly Member[] {
    if (typeof member === 'string') {
      return /^\\p\{L[ult]\}$/.test(member) ? ['\\p{Lu}', '\\p{Ll}', '\\p{Lt}'] : [member];
    }
    const [from, to] = member;
    const cases: Member[] = [member];
    for (let code = from; code <= to && code <= from + MOST_CASED; code++) {
      for (const other of this.casesOf(code)) if (other < from || other > to) cases.push([other, other]);
    }
    return cases;
  }

  private casesOf(code: number): readonly number[] {
    const character = String.fromCodePoint(code);
    const lower = character.toLowerCase();
    const others = [lower, character.toUpperCase()].flatMap((other) => {
      const [only, ...more] = [...other];
      return more.length === 0 && only !== undefined ? [only.codePointAt(0)!] : [];
    });
    const also = this.unicode ? ALSO[lower] : undefined;
    return also === undefined ? others : [...others, also];
  }
}

const SPECIAL = /[\^$\\.*+?()[\]{}|/]/;
const SPECIAL_IN_CLASS = /[\^\\[\]-]/;

function hasCases(member: Member): boolean {
  if (typeof member === 'string') return /^\\p\{L[ult]\}$/.test(member);
  const [from, to] = member;
  for (let code = from; code <= to && code <= from + MOST_CASED; code++) {
    const character = String.fromCodePoint(code);
    if (character.toLowerCase() !== character || character.toUpperCase() !== character) return true;
  }
  return false;
}

const WORD = /^[\p{L}\p{N}_]$/u;

/** Whether a pattern begins (or ends) with a character of a word; `undefined` if that depends, or it may be empty. */
function isWord(node: Node, edge: 'first' | 'last'): boolean | undefined {
  if (node.kind === 'set') return node.negated ? undefined : same(node.members.map(isWordMember));
  if (node.kind === 'capture') return isWord(node.item, edge);
  if (node.kind === 'repeat') return node.min > 0 ? isWord(node.item, edge) : undefined;
  if (node.kind === 'choice') return same(node.items.map((item) => isWord(item, edge)));
  if (node.kind !== 'sequence') return undefined;
  const item = edge === 'first' ? node.items[0] : node.items[node.items.length - 1];
  return item === undefined ? undefined : isWord(item, edge);
}

function isWordMember(member: Member): boolean | undefined {
  if (typeof member === 'string') return /^\\p\{(?:L|N)/.test(member) ? true : undefined;
  const [from, to] = member;
  if (to - from > MOST_CASED) return undefined;
  return same(Array.from({ length: to - from + 1 }, (_, n) => WORD.test(String.fromCodePoint(from + n))));
}

function same(answers: readonly (boolean | undefined)[]): boolean | undefined {
  const [first] = answers;
  return answers.every((answer) => answer === first) ? first : undefined;
}
