import { parseSync, Visitor, type Program } from 'oxc-parser';

/** One use of another module. */
export interface Use {
  readonly specifier: string;
  /** `static` runs at load, `dynamic` when reached, `type` never. */
  readonly kind: 'static' | 'dynamic' | 'type';
}

/** One name a module exports. `*` for everything of another module. */
export interface Exported {
  readonly name: string;
  readonly type: boolean;
}

/** What the repository's rules read of a TypeScript file. */
export interface Module {
  readonly program: Program;
  readonly uses: readonly Use[];
  readonly exports: readonly Exported[];
}

const parsed = new Map<string, Module>();

/** Parses a file, once per content; throws when it is not TypeScript. */
export function parseModule(path: string, text: string): Module {
  const key = `${path}\n${text}`;
  const known = parsed.get(key) ?? parse(path, text);
  parsed.set(key, known);
  return known;
}

function parse(path: string, text: string): Module {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const uses: Use[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    uses.push({ specifier: moduleRequest.value, kind: typeOnly ? 'type' : 'static' });
  }
  const exports: Exported[] = [];
  for (const { entries } of module.staticExports) {
    const from = entries[0]?.moduleRequest?.value;
    if (from !== undefined) {
      uses.push({ specifier: from, kind: entries.every((entry) => entry.isType) ? 'type' : 'static' });
    }
    for (const { exportName, isType } of entries) {
      const kind: string = exportName.kind;
      exports.push({ name: exportName.name ?? (kind === 'Default' ? 'default' : '*'), type: isType });
    }
  }
  new Visitor({
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') {
        uses.push({ specifier: source.value, kind: 'dynamic' });
      }
    },
    TSImportType: ({ source }) => {
      uses.push({ specifier: source.value, kind: 'type' });
    },
  }).visit(program);
  return { program, uses, exports };
}
