// Where a source file can be changed so that a good test notices: one small change at a time, as a slip of the hand
// would make it.
import { parseSync, Visitor, type Expression, type Node, type Program } from 'oxc-parser';
import { mutateLua, type Replace } from './lua-mutants.ts';

/** One change of one place in one file. */
export interface Mutant {
  /** From the repository's root. */
  readonly file: string;
  /** What is replaced, in UTF-16 units of the file. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** Counted from 1. */
  readonly line: number;
  /** The line before and after the change, without indentation: how a list of survivors finds it again. */
  readonly was: string;
  readonly now: string;
}

const COMPARISONS: { readonly [operator: string]: string } = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
};
const LOGICAL: { readonly [operator: string]: string } = { '&&': '||', '||': '&&' };
const ASSIGNMENTS: { readonly [operator: string]: string } = { '+=': '-=', '-=': '+=', '??=': '=' };
const METHODS: { readonly [name: string]: string } = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  min: 'max',
  max: 'min',
};
/** Calls that give back a changed form of what they are called on. */
const LEFT_OUT: ReadonlySet<string> = new Set(['sort', 'toSorted', 'reverse', 'filter', 'slice', 'trim']);

/** Every change of a file that is worth a run, from top to bottom. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const found: Mutant[] = [];
  const replace = (start: number, end: number, replacement: string): void => {
    if (text.slice(start, end) !== replacement) found.push(mutantAt(file, text, start, end, replacement));
  };
  visit(program, text, replace);
  mutateLua(text, replace);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text of a file with one mutant in it. */
export function mutate(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function mutantAt(file: string, text: string, start: number, end: number, replacement: string): Mutant {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const until = text.indexOf('\n', end);
  const to = until === -1 ? text.length : until;
  const line = text.slice(0, start).split('\n').length;
  const oneLine = (code: string): string => code.trim().replace(/\s+/g, ' ');
  return {
    file,
    start,
    end,
    replacement,
    line,
    was: oneLine(text.slice(from, to)),
    now: oneLine(text.slice(from, start) + replacement + text.slice(end, to)),
  };
}

function visit(program: Program, text: string, replace: Replace): void {
  const skip = new Set<unknown>();
  const ofNode = ({ start, end }: Node): string => text.slice(start, end);
  const whole = ({ start, end }: Node, replacement: string): void => replace(start, end, replacement);
  /** Replaces the operator that stands between two operands. */
  const between = (left: Node, right: Node, operator: string, other: string | undefined): void => {
    if (other === undefined) return;
    const at = text.indexOf(operator, left.end);
    if (at !== -1 && at < right.start) replace(at, at + operator.length, other);
  };
  const condition = (test: Expression | null): void => {
    if (test === null) return;
    whole(test, 'true');
    whole(test, 'false');
  };
  const dropped = (node: Node): void => whole(node, ';');
  const emptied = (body: Node): void => {
    if ('body' in body && Array.isArray(body.body) && body.body.length > 0) whole(body, '{}');
  };

  new Visitor({
    ImportDeclaration: ({ source }) => void skip.add(source),
    ExportNamedDeclaration: ({ source }) => void (source !== null && skip.add(source)),
    ImportExpression: ({ source }) => void skip.add(source),
    TSLiteralType: ({ literal }) => void skip.add(literal),
    TSImportType: ({ source }) => void skip.add(source),
    Property: ({ key, computed }) => void (!computed && skip.add(key)),
    TSPropertySignature: ({ key }) => void skip.add(key),
    // What an error says is for people: its code is what tests hold on to, and that stands beside the message.
    NewExpression: ({ callee, arguments: [message] }) => {
      if (message !== undefined && ofNode(callee).endsWith('Error')) skip.add(message);
    },
    // A comparison with a string is changed as a comparison.
    BinaryExpression: ({ left, right, operator }) => {
      const joins = operator === '+' && [left, right].some(isText);
      if (!joins) for (const side of [left, right]) if (isText(side)) skip.add(side);
      if (!joins) between(left, right, operator, COMPARISONS[operator]);
    },
    SwitchCase: ({ test }) => void skip.add(test),
    LogicalExpression: ({ left, right, operator, start, end }) => {
      if (operator === '??') {
        replace(start, end, ofNode(left));
        replace(start, end, ofNode(right));
      } else between(left, right, operator, LOGICAL[operator]);
    },
    AssignmentExpression: ({ left, right, operator }) => between(left, right, operator, ASSIGNMENTS[operator]),
    UnaryExpression: (node) => {
      const { operator, argument, start, end } = node;
      const isType = skip.has(node);
      if (operator === '!' || (operator === '-' && !isType)) replace(start, end, ofNode(argument));
      if (operator === '-') skip.add(argument);
    },
    UpdateExpression: (node) => {
      whole(node, ofNode(node).replace(node.operator, node.operator === '++' ? '--' : '++'));
    },
    IfStatement: ({ test }) => condition(test),
    ConditionalExpression: ({ test }) => condition(test),
    WhileStatement: ({ test }) => whole(test, 'false'),
    DoWhileStatement: ({ test }) => whole(test, 'false'),
    ExpressionStatement: (node) => dropped(node),
    ContinueStatement: (node) => dropped(node),
    BreakStatement: (node) => dropped(node),
    ThrowStatement: (node) => dropped(node),
    ReturnStatement: (node) => void (node.argument === null && dropped(node)),
    FunctionDeclaration: ({ body }) => void (body !== null && emptied(body)),
    FunctionExpression: ({ body }) => void (body !== null && emptied(body)),
    ArrowFunctionExpression: ({ body, expression }) => {
      if (!expression) emptied(body);
      else if (ofNode(body) !== 'undefined') whole(body, 'undefined');
    },
    ArrayExpression: (node) => void (node.elements.length > 0 && whole(node, '[]')),
    Literal: (node) => {
      if (skip.has(node)) return;
      if (typeof node.value === 'boolean') whole(node, String(!node.value));
      else if (typeof node.value === 'number') whole(node, String(node.value + 1));
      else if (typeof node.value === 'string') whole(node, node.value === '' ? `'mutated'` : `''`);
    },
    MemberExpression: ({ object, property, optional, computed }) => {
      if (!optional) return;
      const at = text.indexOf('?.', object.end);
      if (at !== -1 && at < property.start) replace(at, at + 2, computed ? '' : '.');
    },
    CallExpression: ({ callee, start, end, arguments: args }) => {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const { name } = callee.property;
      // `toString` is a method of the table itself.
      const other = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
      if (other !== undefined) whole(callee.property, other);
      if (LEFT_OUT.has(name)) replace(start, end, ofNode(callee.object));
      if (ofNode(callee) === 'Object.freeze' && args[0] !== undefined) replace(start, end, ofNode(args[0]));
    },
  }).visit(program);
}

function isText(node: Node): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}
