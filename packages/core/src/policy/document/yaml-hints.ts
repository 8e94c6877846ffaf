/**
 * What the author of a text that is no YAML probably meant. The parser says what it met; that is seldom what was done
 * wrong.
 */

/** `undefined`: the parser's own words are all there is to say. */
export function yamlHint(
  code: string,
  source: string,
  at: number,
): { readonly message: string; readonly at: number } | undefined {
  const comment = foreignComment(source, at);
  if (comment !== undefined) return comment;
  const line = lineAt(source, at);
  const here = (message: string): { message: string; at: number } => ({ message, at });
  if (code === 'BAD_DQ_ESCAPE') {
    const escape = source.slice(at, at + 2);
    return here(
      `in double quotes YAML reads \`${escape}\` as an escape; put the text in single quotes, where a backslash is one`,
    );
  }
  if (code === 'TAB_AS_INDENT') return here('tabs are not allowed as indentation; indent with spaces');
  const tagged = /^(\s*(?:- )?\w+: +)(!.*?)\s*$/.exec(line.text);
  if (tagged !== null && at >= line.start + tagged[1]!.length)
    return {
      message: `a value that begins with \`!\` is a tag in YAML; put it in single quotes: \`'${tagged[2]}'\``,
      at: line.start + tagged[1]!.length,
    };
  const quoted = /^(\s*(?:- )?\w+: +)(".*".+?)\s*$/.exec(line.text);
  if (code === 'UNEXPECTED_TOKEN' && quoted !== null && !quoted[2]!.includes("'"))
    return {
      message: `a value that begins with a quote ends with it; put all of it in single quotes: \`'${quoted[2]}'\``,
      at: line.start + quoted[1]!.length,
    };
  const spaced = /^(\s*(?:- )?)([A-Za-z]+) +(\S.*?)\s*$/.exec(line.text);
  if (spaced !== null && !line.text.includes(': ') && (code === 'MULTILINE_IMPLICIT_KEY' || code === 'MISSING_CHAR'))
    return {
      message: `\`${spaced[2]} ${spaced[3]}\` lacks a colon; write \`${spaced[2]}: ${spaced[3]}\``,
      at: line.start + spaced[1]!.length,
    };
  if (/^\s*(?:patterns|- ).*[[{\\]/.test(line.text) && /UNEXPECTED_TOKEN|MISSING_CHAR|BAD_SCALAR_START/.test(code))
    return here('`[`, `{`, `,` and `: ` mean something in YAML; put each pattern in single quotes');
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && /^\s*- /.test(line.text))
    return here('the entries of a list stand below each other: indent each `-` alike');
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return here('the value contains a colon and a space; put it in single quotes');
  if (code === 'BAD_SCALAR_START')
    return here(`a text cannot begin with \`${source[at] ?? ''}\`; put it in single quotes`);
  if (code === 'MISSING_CHAR' && /^\s+\w+:/.test(line.text))
    return here('the line is indented unlike the other fields of its entry; indent all of them alike');
  return undefined;
}

interface Line {
  readonly start: number;
  readonly text: string;
}

function lineAt(source: string, at: number): Line {
  const start = source.lastIndexOf('\n', at - 1) + 1;
  const end = source.indexOf('\n', at);
  return { start, text: source.slice(start, end < 0 ? source.length : end) };
}

/**
 * A line that begins like a comment of a programming language: this one or, as the parser notices it late, the one
 * before.
 */
function foreignComment(source: string, at: number): { readonly message: string; readonly at: number } | undefined {
  const line = lineAt(source, at);
  for (const { start, text } of line.start === 0 ? [line] : [line, lineAt(source, line.start - 1)]) {
    const found = /^\s*(\/\/|\/\*|--(?!-))/.exec(text);
    if (found !== null)
      return { message: `a comment begins with \`#\`, not with \`${found[1]}\``, at: start + text.indexOf(found[1]!) };
  }
  return undefined;
}
