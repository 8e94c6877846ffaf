import type { Frame, Framing } from '../framing/frame.ts';

/** Stands between the name of a value and its JSON; JSON has none of them unescaped. */
const SEPARATOR = '\t';

/** One value as a line: its name, where it has one, and its JSON. */
export function lineOf(json: string, name: string | undefined): string {
  return `${name === undefined ? '' : JSON.stringify(name)}${SEPARATOR}${json}\n`;
}

/** Values that are sent one by one, as lines of `lineOf`. A mask stands in the JSON, never in the name. */
export function valueFraming(): Framing {
  let pending = '';

  return {
    rows: true,

    push(text) {
      const lines = (pending + text).split('\n');
      pending = lines.pop()!;
      return lines.map(frameOf);
    },

    end: () => [],

    pending: () => pending.length,

    // How a transport tells of a stop is its own matter.
    ending: () => '',
  };
}

function frameOf(line: string): Frame {
  const at = line.indexOf(SEPARATOR);
  const written = line.slice(0, at);
  const name = written === '' ? undefined : (JSON.parse(written) as string);
  const data = line.slice(at + 1);
  return {
    raw: `${data}\n`,
    data,
    ...(name !== undefined && { name, fields: [name] }),
    rewrite: (changed) => `${changed}\n`,
  };
}
