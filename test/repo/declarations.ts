// What users can hold on to, written out: the declaration of every name an entry exports, and of every other type these
// mention. Sources say the type of all they export (`isolatedDeclarations`), so each file gives its declarations
// without a type checker.
import { posix } from 'node:path';
import { parseSync, Visitor, type Node, type Statement } from 'oxc-parser';
import { isolatedDeclarationSync } from 'rolldown/experimental';

/** Reads a source by its path from the root. */
export type ReadSource = (path: string) => string;

/** Where a name comes from: another module, and its name there. `*`: the module as a whole. */
interface Origin {
  readonly from: string;
  readonly name: string;
}

interface Declarations {
  /** Declared here: the text without comments, and the names it mentions. */
  readonly own: ReadonlyMap<string, Declared>;
  readonly imported: ReadonlyMap<string, Origin>;
  readonly exported: ReadonlyMap<string, Exported>;
}

interface Declared {
  readonly text: string;
  readonly mentions: ReadonlySet<string>;
}

interface Exported {
  /** Name inside the file, or where it is re-exported from. */
  readonly is: string | Origin;
  /** Only types can use it. */
  readonly type: boolean;
}

/**
 * Writes out an entry: first what it exports, by name, then what those declarations reach and the entry does not
 * export.
 */
export function declarationsOf(entry: string, readSource: ReadSource): string {
  const reader = new Reader(readSource);
  const printed = new Map<string, string>();
  const reached: Place[] = [];
  for (const [name, exported] of [...reader.file(entry).exported].toSorted(byName)) {
    const place = reader.resolve(entry, name);
    printed.set(`${exported.type ? 'type ' : ''}${name}`, reader.textAt(place));
    reached.push(place);
  }
  const exported = new Set(reached.map(keyOf));
  const others = reader.reach(reached).filter((place) => !exported.has(keyOf(place)));
  const rest = others.map((place) => [place.name, reader.textAt(place)] as const);
  return [
    ...[...printed].map(section),
    ...(rest.length > 0 ? ['# --- mentioned by them, not exported here ---\n'] : []),
    ...rest.map(section).toSorted(),
  ].join('\n');
}

/** What an entry exports: each name, where it is declared, and its text there. */
export interface ExportedName {
  readonly name: string;
  /** Only types can use it. */
  readonly type: boolean;
  /** File and name of the declaration; another package's, if `path` is no file of ours. */
  readonly path: string;
  readonly declaredAs: string;
  readonly text: string;
}

export function exportsOf(entry: string, readSource: ReadSource): readonly ExportedName[] {
  const reader = new Reader(readSource);
  return [...reader.file(entry).exported].toSorted(byName).map(([name, { type }]) => {
    const place = reader.resolve(entry, name);
    return { name, type, path: place.path, declaredAs: place.name, text: reader.textAt(place) };
  });
}

const section = ([name, text]: readonly [string, string]): string => `# ${name}\n${text}\n`;
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** A declaration: a name in a file of ours, or in another package. */
interface Place {
  readonly path: string;
  readonly name: string;
}

const keyOf = ({ path, name }: Place): string => `${path} ${name}`;
const isOurs = (path: string): boolean => path.endsWith('.ts');

class Reader {
  readonly #read: ReadSource;
  readonly #files = new Map<string, Declarations>();

  constructor(readSource: ReadSource) {
    this.#read = readSource;
  }

  file(path: string): Declarations {
    const known = this.#files.get(path) ?? parse(path, this.#read(path));
    this.#files.set(path, known);
    return known;
  }

  /** Follows re-exports to the declaration of an exported name. */
  resolve(path: string, name: string): Place {
    if (!isOurs(path)) return { path, name };
    const is = this.file(path).exported.get(name)?.is;
    if (is === undefined) throw new Error(`${path} exports no \`${name}\``);
    return this.#follow(path, is);
  }

  #follow(path: string, is: string | Origin): Place {
    if (typeof is !== 'string') return this.resolve(target(path, is.from), is.name);
    const imported = this.file(path).imported.get(is);
    return imported === undefined ? { path, name: is } : this.#follow(path, imported);
  }

  textAt({ path, name }: Place): string {
    return isOurs(path) ? (this.file(path).own.get(name)?.text ?? '') : `${name} of ${path}`;
  }

  /** Everything of ours that the declarations mention, and what that mentions, and so on. */
  reach(from: readonly Place[]): readonly Place[] {
    const reached = new Map(from.map((place) => [keyOf(place), place]));
    for (const place of reached.values()) {
      if (!isOurs(place.path)) continue;
      const { own, imported } = this.file(place.path);
      for (const name of own.get(place.name)?.mentions ?? []) {
        if (!own.has(name) && !imported.has(name)) continue;
        const next = this.#follow(place.path, name);
        if (isOurs(next.path)) reached.set(keyOf(next), next);
      }
    }
    return [...reached.values()];
  }
}

function target(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}

function parse(path: string, source: string): Declarations {
  const { code, errors } = isolatedDeclarationSync(path, source);
  if (errors.length > 0) throw new Error(`${path} has no declarations of its own: ${errors[0]?.message}`);
  const { program, comments } = parseSync(path.replace(/\.ts$/, '.d.ts'), code);
  const own = new Map<string, Declared>();
  const imported = new Map<string, Origin>();
  const exported = new Map<string, Exported>();

  const textOf = (node: Node): string => {
    let text = '';
    let at = node.start;
    for (const { start, end } of comments) {
      if (start < at || end > node.end) continue;
      text += code.slice(at, start);
      at = end;
    }
    return (text + code.slice(at, node.end)).replace(/[ \t]*\n\s*\n/g, '\n').replace(/\t/g, '  ');
  };
  const declare = (node: Node): readonly string[] => {
    const names = namesOf(node);
    for (const name of names) {
      const before = own.get(name);
      const text = textOf(node).replace(/^declare /, '');
      own.set(name, {
        text: before === undefined ? text : `${before.text}\n${text}`,
        mentions: new Set([...(before?.mentions ?? []), ...mentionsOf(node)]),
      });
    }
    return names;
  };

  for (const statement of program.body as readonly Statement[]) {
    if (statement.type === 'ImportDeclaration') {
      for (const one of statement.specifiers) {
        const name = one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' ? one.imported.name : '*';
        imported.set(one.local.name, { from: statement.source.value, name });
      }
    } else if (statement.type === 'ExportNamedDeclaration') {
      for (const name of statement.declaration === null ? [] : declare(statement.declaration)) {
        exported.set(name, { is: name, type: /^TS(Interface|TypeAlias)/.test(statement.declaration!.type) });
      }
      for (const { local, exported: as, exportKind } of statement.specifiers) {
        const [inside, name] = [nameOf(local), nameOf(as)];
        const is = statement.source === null ? inside : { from: statement.source.value, name: inside };
        exported.set(name, { is, type: exportKind === 'type' || statement.exportKind === 'type' });
      }
    } else if (statement.type !== 'ExportAllDeclaration') declare(statement);
  }
  return { own, imported, exported };
}

function nameOf(node: Node): string {
  return node.type === 'Literal' ? String(node.value) : (node as { readonly name: string }).name;
}

function namesOf(node: Node): readonly string[] {
  if (node.type === 'VariableDeclaration') {
    return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  const id = 'id' in node ? (node.id as Node | null) : null;
  return id?.type === 'Identifier' ? [id.name] : [];
}

/**
 * Every identifier of a declaration. Names of members are among them, and do no harm: they resolve to nothing, or to a
 * type.
 */
function mentionsOf(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const program = { type: 'Program', body: [node], sourceType: 'module', hashbang: null, start: 0, end: 0 };
  new Visitor({ Identifier: ({ name }) => void names.add(name) }).visit(program as never);
  return names;
}
