import type { Score } from './asker.ts';
import { linesOf, scoreOf } from './chat-completions.ts';
import type { Judge } from './judge.ts';
import { badAnswer } from './judge-error.ts';
import { defused } from './quoted.ts';
import { settingsOf } from './options.ts';
import { ENDPOINT_OPTIONS, safeguardJudge, type SafeguardOptions } from './safeguard.ts';

const CATEGORIES: { readonly [name: string]: string } = {
  Violent: 'harm.violent_crime',
  'Non-violent Illegal Acts': 'harm.nonviolent_crime',
  'Sexual Content or Sexual Acts': 'harm.sexual',
  PII: 'harm.privacy',
  'Suicide & Self-Harm': 'harm.self_harm',
  'Unethical Acts': 'harm.unethical',
  'Politically Sensitive Topics': 'harm.political',
  'Copyright Violation': 'harm.intellectual_property',
  Jailbreak: 'harm.jailbreak',
};

/** Without probabilities: what each word of the model counts for. */
const WORDS: { readonly [verdict: string]: number } = { Safe: 0, Controversial: 0.5, Unsafe: 1 };

/**
 * Qwen3Guard-Gen behind an OpenAI-compatible endpoint. Reports `harm.<category>`; `Controversial` counts 0.5 where the
 * server offers no probabilities.
 */
export function qwenGuard(options: SafeguardOptions): Judge {
  const settings = settingsOf('qwenGuard', options, ENDPOINT_OPTIONS, ['baseURL']);
  const { model = 'Qwen/Qwen3Guard-Gen-4B', id = 'qwen-guard' } = options;
  return safeguardJudge(
    settings,
    {
      ...{ id, model, version: 'qwen3guard-gen;1', types: Object.values(CATEGORIES) },
      requests: ({ text, role }) => [
        {
          messages:
            role === 'assistant'
              ? [
                  { role: 'user', content: 'Please answer.' },
                  { role: 'assistant', content: defused(text) },
                ]
              : [{ role: 'user', content: defused(text) }],
          max_tokens: 64,
        },
      ],
      read([completion]) {
        const { text, tokens } = completion!;
        const lines = linesOf(text);
        const verdict = theOne(lines, /^Safety: (Safe|Unsafe|Controversial)$/);
        const categories = theOne(lines, /^Categories: (\S.*)$/);
        const known = lines.every((line) => /^(?:Safety|Categories|Refusal): \S/.test(line));
        if (verdict === undefined || categories === undefined || !known)
          throw badAnswer(id, 'in a form that is not its own');
        if ((verdict === 'Safe') !== (categories === 'None')) throw badAnswer(id, 'a verdict that contradicts itself');
        const from = afterWord(tokens, 'safety:');
        if (verdict === 'Safe') {
          scoreOf(id, tokens, { wanted: 'unsafe', other: 'safe', isWanted: false, from });
          return { scores: [] };
        }
        const named = categories.split(',').map((name) => CATEGORIES[name.trim()]);
        if (named.some((type) => type === undefined)) throw badAnswer(id, 'with a category that it does not have');
        // A controversial text stands between the two: what `Unsafe` has against `Safe` is not asked.
        const score =
          verdict === 'Unsafe'
            ? scoreOf(id, tokens, { wanted: 'unsafe', other: 'safe', isWanted: true, from })
            : WORDS[verdict]!;
        return { scores: [...new Set(named)].map((type): Score => ({ type: type!, score })) };
      },
    },
    options,
  );
}

/** What one line says in this form; nothing where two say it. */
function theOne(lines: readonly string[], form: RegExp): string | undefined {
  const found = lines.flatMap((line) => form.exec(line)?.[1] ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/** The place behind the token in which a word of the answer ends. Only as much is kept as the word may begin in. */
function afterWord(tokens: readonly { readonly text: string }[], word: string): number {
  let said = '';
  for (const [index, { text }] of tokens.entries()) {
    said += text.toLowerCase();
    if (said.includes(word)) return index + 1;
    said = said.slice(-word.length);
  }
  return tokens.length;
}
