/** One fenced block of a document. */
export interface CodeBlock {
  readonly language: string;
  /** Words after the language: `run`, `skip=reason`. */
  readonly info: readonly string[];
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Document {
  readonly blocks: readonly CodeBlock[];
  readonly links: readonly Link[];
  /** Anchors of its headings, as renderers make them. */
  readonly anchors: ReadonlySet<string>;
  /** First cells of its tables' rows, where they are code: what a registry page documents. */
  readonly codes: readonly string[];
}

/** Reads what the repository's rules need of a Markdown file. */
export function parseMarkdown(text: string): Document {
  const blocks: CodeBlock[] = [];
  const links: Link[] = [];
  const anchors = new Set<string>();
  const codes: string[] = [];
  let fence:
    | { readonly mark: string; readonly info: string; readonly line: number; readonly lines: string[] }
    | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, mark, info] = /^\s*(```+|~~~+)(.*)$/.exec(line) ?? [];
    if (fence !== undefined) {
      if (mark?.startsWith(fence.mark) === true && info?.trim() === '') {
        const [language = '', ...rest] = fence.info.trim().split(/\s+/);
        blocks.push({ language, info: rest, text: `${fence.lines.join('\n')}\n`, line: fence.line });
        fence = undefined;
      } else fence.lines.push(line);
      continue;
    }
    if (mark !== undefined) {
      fence = { mark, info: info ?? '', line: index + 1, lines: [] };
      continue;
    }
    const [, heading] = /^#{1,6}\s+(.*)$/.exec(line) ?? [];
    if (heading !== undefined) anchors.add(unique(slug(heading), anchors));
    for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) if (id !== undefined) anchors.add(id);
    const [, code] = /^\|\s*`([^`]+)`\s*\|/.exec(line) ?? [];
    if (code !== undefined) codes.push(code);
    const prose = line.replaceAll(/`[^`]*`/g, (span) => ' '.repeat(span.length));
    for (const [, target] of prose.matchAll(/\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)(?:\s+"[^"]*")?\)/g)) {
      if (target !== undefined) links.push({ target, line: index + 1 });
    }
  }
  return { blocks, links, anchors, codes };
}

function slug(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}

function unique(anchor: string, taken: ReadonlySet<string>): string {
  if (!taken.has(anchor)) return anchor;
  let number = 1;
  while (taken.has(`${anchor}-${number}`)) number++;
  return `${anchor}-${number}`;
}
