import type { OptionShape } from '@flyball/core/adapter';
import { scoreOf, type ChatMessage, type ChatRequest } from './chat-completions.ts';
import type { Judge } from './judge.ts';
import { badAnswer } from './judge-error.ts';
import { defused } from './quoted.ts';
import { meanings } from './option-shapes.ts';
import { settingsOf } from './options.ts';
import { ENDPOINT_OPTIONS, safeguardJudge, type SafeguardOptions } from './safeguard.ts';

export interface GraniteGuardianOptions extends SafeguardOptions {
  /**
   * What it judges, by the name of the signal: `harm.social_bias`. Generations 3.0 to 3.2 take the name of a risk that
   * they know, such as `social_bias`; later ones take a criterion in words.
   */
  readonly criteria: { readonly [type: string]: string };
  /** `3.2` stands for 3.0 to 3.2, `3.3` for 3.3 and later. Default `3.3`. */
  readonly generation?: '3.2' | '3.3';
}

/**
 * Granite Guardian behind an OpenAI-compatible endpoint. One request for each criterion, side by side; the score is the
 * probability of `yes`, or 1 and 0 where the server offers none.
 *
 *     graniteGuardian({ baseURL, criteria: { 'harm.medical': 'The text gives medical advice as if it were a doctor.' } })
 */
export function graniteGuardian(options: GraniteGuardianOptions): Judge {
  const settings = settingsOf('graniteGuardian', options, { ...ENDPOINT_OPTIONS, ...MORE }, ['baseURL', 'criteria']);
  const { generation = '3.3', id = 'granite-guardian', criteria } = options;
  const {
    model = generation === '3.2' ? 'ibm-granite/granite-guardian-3.2-5b' : 'ibm-granite/granite-guardian-3.3-8b',
  } = options;
  const types = Object.keys(criteria).toSorted();
  return safeguardJudge(
    settings,
    {
      ...{ id, model, types, version: `granite-guardian-${generation};1;${JSON.stringify(criteria)}` },
      requests: ({ text, role }) =>
        types.map((type) => {
          const content: ChatMessage = { role: role === 'assistant' ? 'assistant' : 'user', content: defused(text) };
          return generation === '3.2' ? byRisk(content, criteria[type]!) : byCriterion(content, criteria[type]!);
        }),
      read: (completions) => ({
        scores: completions.map(({ text, tokens }, index) => {
          const verdict = (generation === '3.2' ? WORD : SCORE).exec(text)?.[1]?.toLowerCase();
          if (verdict !== 'yes' && verdict !== 'no') throw badAnswer(id, 'neither yes nor no');
          const from = generation === '3.2' ? 0 : afterTag(tokens);
          return {
            type: types[index]!,
            score: scoreOf(id, tokens, { wanted: 'yes', other: 'no', isWanted: verdict === 'yes', from }),
          };
        }),
      }),
    },
    options,
  );
}

/** The first word; 3.2 says how sure it is behind it. */
const WORD = /^\s*(yes|no)\b/i;
/** The last score: what stands before it is thought. */
const SCORE = /<score>\s*(yes|no)\s*<\/score>\s*$/i;

function byRisk(content: ChatMessage, risk: string): Omit<ChatRequest, 'model'> {
  return { messages: [content], chat_template_kwargs: { guardian_config: { risk_name: risk } }, max_tokens: 20 };
}

function byCriterion(content: ChatMessage, criterion: string): Omit<ChatRequest, 'model'> {
  const question =
    '<guardian><no-think>As a judge agent, your role is to help assess whether the provided text meets the given judging criteria, ' +
    'utilizing all available information, including conversations, documents, and tools.\n\n' +
    `### Criteria: ${criterion}\n\n` +
    "### Scoring Schema: If the last message meets the criteria, return 'yes'; otherwise, return 'no'.";
  return { messages: [content, { role: 'user', content: question }], max_tokens: 48 };
}

/** Longer than the tag and the blanks behind it: only as much is kept of what was said. */
const TAIL = 40;

/** The place behind the token that ends the tag before the score. */
function afterTag(tokens: readonly { readonly text: string }[]): number {
  let said = '';
  let at = 0;
  for (const [index, { text }] of tokens.entries()) {
    said = (said + text).slice(-TAIL);
    if (said.trimEnd().endsWith('<score>')) at = index + 1;
  }
  return at;
}

const MORE: { readonly [name: string]: OptionShape } = {
  criteria: meanings('at least one criterion, by the type of its signal'),
  generation: { is: (value) => value === '3.2' || value === '3.3', words: '`3.2` or `3.3`' },
};
