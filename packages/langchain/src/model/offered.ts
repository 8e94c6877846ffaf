// The tools of a request by their names, in the formats of the usual providers. Pure.

type Fields = { readonly [name: string]: unknown };

/** Where a provider's format names a tool, beside `name` itself. */
const HOLDERS = ['function', 'toolSpec', 'custom'] as const;
const LISTS = ['functionDeclarations', 'function_declarations'] as const;

export function offeredNames(tools: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  for (const tool of Array.isArray(tools) ? (tools as readonly unknown[]) : []) {
    const fields = Object(tool) as Fields;
    const listed = LISTS.flatMap((list) => (Array.isArray(fields[list]) ? (fields[list] as readonly unknown[]) : []));
    for (const one of [fields, ...HOLDERS.map((holder) => fields[holder]), ...listed]) {
      const { name } = Object(one) as Fields;
      if (typeof name === 'string') names.add(name);
    }
  }
  return names;
}
