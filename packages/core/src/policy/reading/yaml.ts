import { LineCounter, Scalar, YAMLMap, isAlias, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import type { Locator, Path, Problem } from './locate.ts';
import { scalarOffset } from './scalar-offset.ts';

/** Longest text accepted for a policy, in UTF-16 units. */
export const MAX_SOURCE: number = 2 ** 20;
const MAX_DEPTH = 32;

/** A problem whose place in the text is already known. */
export interface TextProblem {
  readonly offset: number;
  readonly message: string;
}

export interface ParsedText {
  /** The document as data; `undefined` if the text is not well-formed. */
  readonly value: unknown;
  readonly locator: Locator;
  readonly problems: readonly TextProblem[];
  /** Place of a `TextProblem`. */
  lineColumn(offset: number): { readonly line: number; readonly column: number };
}

/**
 * Reads YAML 1.2 or JSON, keeping the place of everything.
 * One document of plain data: aliases, anchors, tags and duplicate keys are refused, since each makes the text say
 * something other than what a reader sees. What the parser only warns about is refused too.
 */
export function parseText(source: string, file: string): ParsedText {
  const lines = new LineCounter();
  const lineColumn = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const nowhere: Locator = { file, place: () => ({ line: 1, column: 1 }) };
  const refuse = (offset: number, message: string): ParsedText => {
    lines.lineStarts = lineStarts(source.slice(0, Math.min(source.length, offset + 1)));
    return { value: undefined, locator: nowhere, problems: [{ offset, message }], lineColumn };
  };

  const odd = oddity(source);
  if (odd !== undefined) return refuse(odd.offset, odd.message);
  let document: Document;
  try {
    document = parseDocument(source, { lineCounter: lines, version: '1.2', prettyErrors: false, logLevel: 'silent' });
  } catch (cause) {
    // The parser recurses; text nested beyond the stack is the only thing that makes it throw.
    if (cause instanceof RangeError) return refuse(0, `the policy is nested more than ${MAX_DEPTH} levels deep`);
    throw cause;
  }
  const wellFormed = document.errors.every(({ code }) => code === 'DUPLICATE_KEY');
  const problems = [
    ...[...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
      offset: pos[0],
      message: code === 'DUPLICATE_KEY' ? 'the key stands here for the second time; keep one' : sentence(message),
    })),
    ...structureProblems(document),
  ];
  const usable = wellFormed && problems.length === document.errors.length;
  return {
    value: usable ? document.toJS({ maxAliasCount: 0 }) : undefined,
    locator: { file, place: (problem) => lineColumn(offsetOf(document, source, problem)) },
    problems,
    lineColumn,
  };
}

/** What no policy needs in its text and what would confuse the reader of an error. */
function oddity(source: string): TextProblem | undefined {
  if (source.length > MAX_SOURCE) {
    return { offset: 0, message: `the policy has ${source.length} characters; at most ${MAX_SOURCE} are accepted` };
  }
  const odd = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]|\p{Surrogate}/u.exec(source);
  if (odd === null) return undefined;
  const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const what = /\p{Surrogate}/u.test(odd[0]) ? 'half a surrogate pair' : 'a control character';
  return {
    offset: odd.index,
    message: `${what} (U+${code}) is not accepted; write it as an escape in a quoted string`,
  };
}

function structureProblems(document: Document): TextProblem[] {
  const problems: TextProblem[] = [];
  const add = (node: Node, message: string): void => void problems.push({ offset: node.range?.[0] ?? 0, message });
  visit(document, {
    Node(_, node, path) {
      const depth = path.filter((ancestor) => isNode(ancestor) && !isScalar(ancestor)).length;
      if (depth > MAX_DEPTH) {
        add(node, `the policy is nested more than ${MAX_DEPTH} levels deep`);
        return visit.BREAK;
      }
      if (isAlias(node)) add(node, 'an alias is not accepted; write the value out');
      else if (node.anchor !== undefined) add(node, `the anchor \`${node.anchor}\` is not accepted; write values out`);
      else if (node.tag !== undefined && !(node instanceof YAMLMap) && node.tag.startsWith('!')) {
        add(node, `the tag \`${node.tag}\` is not accepted; a policy is plain data`);
      }
      return undefined;
    },
    Pair(_, pair) {
      const key = pair.key;
      if (isNode(key) && !(isScalar(key) && typeof key.value === 'string')) add(key, 'a key must be a plain word');
    },
  });
  return problems;
}

function sentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? message;
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function offsetOf(document: Document, source: string, { path, atKey, offset }: Problem): number {
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
