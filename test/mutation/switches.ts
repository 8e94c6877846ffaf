// All mutants of a file in one text, each behind a switch: a thread that has read the file once is asked about one
// mutant after the other.
import { parseSync, type Node } from 'oxc-parser';
import { mutate, type Mutant } from './mutants.ts';

/** A mutant and the number that turns it on. */
export interface Numbered {
  readonly mutant: Mutant;
  readonly number: number;
}

/** The function of the thread that says whether the mutant of a number is on. */
export const SWITCH = '__isMutant';

/** The text of a file with switches, and the mutants that no switch can make: they take a text of their own. */
export interface Switched {
  readonly text: string;
  readonly left: readonly Numbered[];
}

/** What is put at a place. Of several at one place, what ends there comes first, the inner before the outer. */
interface Insertion {
  readonly at: number;
  readonly text: string;
  readonly rank: number;
}

/** The mutants of one expression, statement or body. */
interface Site {
  readonly node: Node;
  readonly kind: 'expression' | 'statement' | 'body';
  readonly numbered: Numbered[];
}

export function withSwitches(file: string, text: string, numbered: readonly Numbered[]): Switched {
  const { program } = parseSync(file, text);
  const sites = new Map<string, Site>();
  const left: Numbered[] = [];
  for (const one of numbered) {
    // One that does not parse would take all others with it.
    const isSound = parseSync(file, mutate(text, one.mutant)).errors.length === 0;
    const found = isSound ? siteOf(pathTo(program, one.mutant), one.mutant) : undefined;
    if (found === undefined) {
      left.push(one);
      continue;
    }
    const key = `${found.kind} ${found.node.start} ${found.node.end}`;
    const site = sites.get(key) ?? { ...found, numbered: [] };
    sites.set(key, site);
    site.numbered.push(one);
  }
  const insertions = [...sites.values()].flatMap((site) => insertionsOf(site, text));
  return { text: insertAll(text, insertions), left };
}

function insertionsOf({ node, kind, numbered }: Site, text: string): readonly Insertion[] {
  const { start, end } = node;
  const before = (code: string): Insertion => ({ at: start, text: code, rank: text.length - end + 1 });
  const after = (code: string): Insertion => ({ at: end, text: code, rank: -start - 1 });
  const asked = numbered.map(({ number }) => `${SWITCH}(${number})`);
  if (kind === 'statement') return [before(`{ if (!(${asked.join(' || ')})) {`), after('}}')];
  if (kind === 'body') return [{ at: start + 1, text: `if (${asked.join(' || ')}) return;`, rank: 0 }];
  const branches = numbered.map(({ mutant }, at) => {
    const changed = text.slice(start, mutant.start) + mutant.replacement + text.slice(mutant.end, end);
    return `${asked[at]} ? (${changed}) : `;
  });
  return [before(`(${branches.join('')}`), after(')')];
}

function insertAll(text: string, insertions: readonly Insertion[]): string {
  let made = '';
  let from = 0;
  for (const { at, text: code } of insertions.toSorted((a, b) => a.at - b.at || a.rank - b.rank)) {
    made += text.slice(from, at) + code;
    from = at;
  }
  return made + text.slice(from);
}

/** The nodes around a mutant, from the whole file to the smallest. */
function pathTo(program: Node, { start, end }: Mutant): readonly Node[] {
  const path: Node[] = [];
  for (let node: Node | undefined = program; node !== undefined;) {
    path.push(node);
    node = childrenOf(node).find((child) => child.start <= start && end <= child.end);
  }
  return path;
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'type' in value);
}

/** The smallest part of the code around a mutant that a switch can stand for. */
function siteOf(path: readonly Node[], { start, end, replacement }: Mutant): Omit<Site, 'numbered'> | undefined {
  const isWhole = (node: Node): boolean => node.start === start && node.end === end;
  const statement = path.find((node) => isWhole(node) && node.type.endsWith('Statement'));
  if (statement !== undefined && replacement === ';') return { node: statement, kind: 'statement' };
  if (statement?.type === 'BlockStatement' && replacement === '{}') return { node: statement, kind: 'body' };
  const at = path.findLastIndex((node, depth) => isExpression(node) && isFree(path, depth));
  return at === -1 ? undefined : { node: path[at]!, kind: 'expression' };
}

const isExpression = ({ type }: Node): boolean => /Expression$|Literal$|^Identifier$/.test(type);

/** Whether another expression can stand in the place of this one and mean what it says. */
function isFree(path: readonly Node[], depth: number): boolean {
  const around = path.slice(0, depth).findLastIndex(({ type }) => type !== 'ParenthesizedExpression');
  const parent = path[around];
  const node = path[around + 1];
  switch (parent?.type) {
    // A call is made on what stands before its dot, and a chain ends as one. Another `&&` can bind otherwise.
    case 'MemberExpression':
      return parent.computed && parent.property === node;
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee !== node;
    case 'ChainExpression':
    case 'LogicalExpression':
    case 'TaggedTemplateExpression':
    case 'TSNonNullExpression':
    case 'UpdateExpression':
      return false;
    case 'UnaryExpression':
      return parent.operator !== 'delete' && parent.operator !== 'typeof';
    case 'AssignmentExpression':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'AssignmentPattern':
      return parent.left !== node;
    case 'Property':
      return parent.value === node && !parent.method && !parent.shorthand && parent.kind === 'init';
    case 'PropertyDefinition':
    case 'VariableDeclarator':
      return ('value' in parent ? parent.value : parent.init) === node;
    case 'MethodDefinition':
    case undefined:
      return false;
    default:
      return true;
  }
}
