import { LineCounter, Scalar, isAlias, isCollection, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Alias, Document, Node, YAMLMap } from 'yaml';
import type { Locator, Path, Placed, Problem } from './locate.ts';
import { scalarOffset } from './scalar-offset.ts';
import { yamlHint } from './yaml-hints.ts';

/** Longest text accepted for a policy, in UTF-16 units. */
export const MAX_SOURCE: number = 2 ** 19;
const MAX_DEPTH = 32;
const TOO_DEEP = `the policy is nested more than ${MAX_DEPTH} levels deep`;

export interface ParsedText {
  /** The document as data; `undefined` if it cannot be read. It may be there although there are problems. */
  readonly value: unknown;
  readonly locator: Locator;
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML 1.2 or JSON, keeping the place of everything. One document of plain data: aliases, anchors, tags,
 * directives and duplicate keys are refused, since each makes the text say something other than what a reader sees.
 * What the parser only warns about is refused too.
 */
export function parseText(source: string, file: string): ParsedText {
  const lines = new LineCounter();
  const odd = oddity(source);
  if (odd !== undefined) {
    for (let at = -1; at < (odd.at ?? 0); at = nextLine(source, at)) lines.addNewLine(at + 1);
    return { value: undefined, locator: textLocator(file, lines), problems: [odd] };
  }
  const document = parseDocument(source, {
    lineCounter: lines,
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
  });
  const structure = structureProblems(document);
  const locator = textLocator(file, lines, document, source);
  const tooDeep = structure.filter(({ message }) => message === TOO_DEEP);
  if (tooDeep.length > 0) return { value: undefined, locator, problems: tooDeep };
  const unread = parserProblems(document, source, lines);
  // What was read is looked into although something about its text is refused: one load names every problem.
  const readable = unread.length === 0 && structure.every(({ isReadable }) => isReadable);
  return {
    value: readable ? document.toJS({ maxAliasCount: 0 }) : undefined,
    locator,
    problems: [...unread, ...structure.filter((problem) => !hinted(unread, problem, lines))],
  };
}

/** What was meant in a line says more than everything else that was refused there. */
const hinted = (hints: readonly Problem[], { at = 0 }: Problem, lines: LineCounter): boolean =>
  hints.some((hint) => lines.linePos(hint.at ?? 0).line === lines.linePos(at).line);

function textLocator(file: string, lines: LineCounter, document?: Document, source = ''): Locator {
  return {
    file,
    place(problem) {
      const offset = problem.at ?? (document === undefined ? 0 : offsetOf(document, source, problem));
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
  };
}

function nextLine(source: string, from: number): number {
  const at = source.indexOf('\n', from + 1);
  return at < 0 ? source.length : at;
}

/** What no policy needs in its text and what would confuse the reader of an error. */
function oddity(source: string): Problem | undefined {
  if (source.length > MAX_SOURCE) {
    const message = `the policy has ${source.length} characters; at most ${MAX_SOURCE} are accepted`;
    return { path: [], at: 0, code: 'TEXT_INVALID', message };
  }
  const odd = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]|\p{Surrogate}/u.exec(source);
  if (odd === null) return undefined;
  const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const what = /\p{Surrogate}/u.test(odd[0]) ? 'half a surrogate pair' : 'a control character';
  return { path: [], at: odd.index, code: 'TEXT_INVALID', message: `${what} (U+${code}) is not accepted in a policy` };
}

function parserProblems(document: Document, source: string, lines: LineCounter): readonly Problem[] {
  const meant: Problem[] = [];
  const met: Problem[] = [];
  // A tag that cannot be resolved is refused below with all other tags.
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    if (code === 'TAG_RESOLVE_FAILED') continue;
    const hint = yamlHint(code, source, pos[0]);
    if (hint !== undefined) meant.push({ path: [], code: 'TEXT_INVALID', ...hint });
    else if (code === 'MULTIPLE_DOCS')
      met.push({
        path: [],
        at: pos[0],
        code: 'TEXT_MISLEADING',
        message: 'a policy is one document; remove the second',
      });
    else met.push({ path: [], at: pos[0], code: 'TEXT_INVALID', message: sentence(message) });
  }
  // The parser stumbles several times over one mistake: what it meets behind a line that is understood follows from
  // that.
  const first = Math.min(...meant.map(({ at = 0 }) => at));
  const perLine = new Map(meant.toReversed().map((problem) => [lines.linePos(problem.at ?? 0).line, problem]));
  return [...met.filter((problem) => meant.length === 0 || (problem.at ?? 0) < first), ...perLine.values()];
}

/** `isReadable`: what the text says is clear all the same. */
type StructureProblem = Problem & { readonly isReadable: boolean };

/** `mask: ***` is no alias to whoever wrote it. */
function aliasMessage(node: Alias, document: Document): string {
  return node.resolve(document) === undefined
    ? `a text that begins with \`*\` is an alias in YAML; put it in single quotes: \`'*${node.source}'\``
    : 'an alias is not accepted; write the value out';
}

function structureProblems(document: Document): readonly StructureProblem[] {
  const problems: StructureProblem[] = [];
  const add = (node: Node, message: string, isReadable = true): void =>
    void problems.push({ path: [], at: node.range?.[0] ?? 0, code: 'TEXT_MISLEADING', message, isReadable });
  if (document.directives?.yaml.explicit === true) {
    const message = 'a directive is not accepted; a policy is YAML 1.2';
    problems.push({ path: [], at: 0, code: 'TEXT_MISLEADING', message, isReadable: true });
  }
  try {
    visit(document, {
      Node(_, node, path) {
        const depth = path.reduce((sum, ancestor) => sum + (isCollection(ancestor) ? 1 : 0), 0);
        if (depth > MAX_DEPTH) {
          add(node, TOO_DEEP);
          return visit.BREAK;
        }
        if (isAlias(node)) add(node, aliasMessage(node, document), false);
        else if (node.anchor !== undefined)
          add(node, `the anchor \`${node.anchor}\` is not accepted; write values out`);
        else if (node.tag !== undefined)
          add(node, `the tag \`${shortTag(node.tag)}\` is not accepted; a policy is plain data`, false);
        if (isMap(node)) keyProblems(node, add);
        return undefined;
      },
    });
  } catch (cause) {
    // The parser and its walk recurse; text nested beyond the stack is the only thing that makes them throw.
    if (!(cause instanceof RangeError)) throw cause;
    problems.push({ path: [], at: 0, code: 'TEXT_MISLEADING', message: TOO_DEEP, isReadable: false });
  }
  return problems;
}

const shortTag = (tag: string): string => tag.replace('tag:yaml.org,2002:', '!!');

function keyProblems(map: YAMLMap, add: (node: Node, message: string, isReadable?: boolean) => void): void {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isNode(key)) continue;
    if (!isScalar(key) || typeof key.value !== 'string') add(key, 'a key must be a plain word', false);
    else if (seen.has(key.value)) add(key, `the key \`${key.value}\` stands here for the second time; keep one`);
    else seen.add(key.value);
  }
}

function sentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? message;
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function offsetOf(document: Document, source: string, { path, atKey, offset }: Placed): number {
  const { key, value } = nodeAt(document, path);
  if (atKey === true && key?.range) return key.range[0];
  if (value === undefined) return key?.range?.[0] ?? 0;
  const start = value.range?.[0] ?? 0;
  return offset !== undefined && value instanceof Scalar ? scalarOffset(source, value, offset) : start;
}

/** The node at a path, or the nearest one above it, with the key it stands under. */
function nodeAt(document: Document, path: Path): { readonly key: Node | undefined; readonly value: Node | undefined } {
  let key: Node | undefined;
  let value: Node | undefined = isNode(document.contents) ? document.contents : undefined;
  for (const step of path) {
    let next: unknown;
    if (isMap(value)) {
      const pair = value.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (pair === undefined) break;
      key = isNode(pair.key) ? pair.key : key;
      next = pair.value;
    } else if (isSeq(value) && typeof step === 'number') next = value.items[step];
    if (!isNode(next)) break;
    value = next;
  }
  return { key, value };
}
