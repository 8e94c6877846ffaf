/** Where a written address would go, as a browser reads it: `https:\\x`, `//x`, `https://ann@x:8080/` all go to `x`. */
export interface Target {
  readonly host: string;
  /** The same in the case in which it was written: what its labels encode depends on that. */
  readonly writtenHost: string;
  readonly path: string;
  /** Names and values, decoded. */
  readonly query: readonly (readonly [string, string])[];
  readonly fragment: string;
}

/**
 * Reads an address as it stands in Markdown or HTML. `undefined` for one that leads nowhere else: relative, or another
 * scheme.
 */
export function targetOf(written: string): Target | undefined {
  const plain = written
    .trim()
    .replaceAll('&amp;', '&')
    .replaceAll(/[\t\n\r]/g, '');
  if (!/^(?:(?:https?|wss?|ftp):|[\\/]{2})/i.test(plain)) return undefined;
  let url: URL;
  try {
    url = new URL(plain.replaceAll('\\', '/'), 'https://here.invalid');
  } catch {
    // A host that no browser takes is none that anything reaches, except where a template fills it in.
    return /\{\{|\$\{|<[A-Z_]+>/.test(plain)
      ? { host: '', writtenHost: '', path: plain, query: [], fragment: '' }
      : undefined;
  }
  return {
    host: url.hostname.toLowerCase().replace(/\.$/, ''),
    writtenHost: /^[^\\/]*[\\/]+(?:[^\\/?#]*@)?([^\\/?#:]*)/.exec(plain)?.[1] ?? '',
    path: decoded(url.pathname),
    query: [...url.searchParams],
    fragment: decoded(url.hash.slice(1)),
  };
}

/** The host of the first address in a text. */
export function hostIn(match: string): string | undefined {
  const address = addressIn(match);
  return address === undefined ? undefined : targetOf(address)?.host;
}

/** The first address in a text, up to what cannot be part of one. */
export function addressIn(match: string): string | undefined {
  return /(?:(?:https?|wss?|ftp):[\\/]{1,3}|[\\/]{2})[^\s"'<>`)\]]+/i.exec(match)?.[0];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
