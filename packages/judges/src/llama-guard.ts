import type { OptionShape } from '@flyball/core/adapter';
import type { Score } from './asker.ts';
import { linesOf, scoreOf } from './chat-completions.ts';
import type { Judge } from './judge.ts';
import { badAnswer } from './judge-error.ts';
import { defused } from './quoted.ts';
import { settingsOf } from './options.ts';
import { ENDPOINT_OPTIONS, safeguardJudge, type SafeguardOptions } from './safeguard.ts';

export interface LlamaGuardOptions extends SafeguardOptions {
  /** Which Llama Guard it is: the codes of its categories depend on it. Default 3; 4 has the same. */
  readonly generation?: 2 | 3 | 4;
}

/** Codes of Llama Guard 3 and 4. */
const HAZARDS: { readonly [code: string]: string } = {
  ...{ S1: 'harm.violent_crime', S2: 'harm.nonviolent_crime', S3: 'harm.sex_crime', S4: 'harm.child_exploitation' },
  ...{ S5: 'harm.defamation', S6: 'harm.specialised_advice', S7: 'harm.privacy', S8: 'harm.intellectual_property' },
  ...{ S9: 'harm.indiscriminate_weapons', S10: 'harm.hate', S11: 'harm.self_harm', S12: 'harm.sexual' },
  ...{ S13: 'harm.elections', S14: 'harm.code_abuse' },
};

/** Llama Guard 2 has no defamation and no elections, so that the codes from S5 on mean something else. */
const HAZARDS_2: { readonly [code: string]: string } = {
  ...{ S1: 'harm.violent_crime', S2: 'harm.nonviolent_crime', S3: 'harm.sex_crime', S4: 'harm.child_exploitation' },
  ...{ S5: 'harm.specialised_advice', S6: 'harm.privacy', S7: 'harm.intellectual_property' },
  ...{ S8: 'harm.indiscriminate_weapons', S9: 'harm.hate', S10: 'harm.self_harm', S11: 'harm.sexual' },
};

/**
 * Llama Guard 2, 3 or 4 behind an OpenAI-compatible endpoint, whose chat template holds the policy. Reports
 * `harm.<category>`; the score is the probability of `unsafe`, or 1 where the server offers none.
 *
 *     const judge = llamaGuard({ baseURL: 'http://127.0.0.1:8000/v1' });
 *     const governor = await createGovernor({ policy, detectors: [judge] });
 */
export function llamaGuard(options: LlamaGuardOptions): Judge {
  const settings = settingsOf('llamaGuard', options, { ...ENDPOINT_OPTIONS, ...GENERATION }, ['baseURL']);
  const { generation = 3, model = DEFAULT_MODEL[generation] } = options;
  const hazards = generation === 2 ? HAZARDS_2 : HAZARDS;
  const id = options.id ?? 'llama-guard';
  return safeguardJudge(
    settings,
    {
      ...{ id, model, version: `llama-guard-${generation};1`, types: Object.values(hazards) },
      requests: ({ text, role }) => [
        {
          messages:
            role === 'assistant'
              ? // The template wants turns to alternate, beginning with the user's.
                [
                  { role: 'user', content: 'Please answer.' },
                  { role: 'assistant', content: defused(text) },
                ]
              : [{ role: 'user', content: defused(text) }],
          max_tokens: 40,
        },
      ],
      read([completion]) {
        const { text, tokens } = completion!;
        const [verdict, codes, ...rest] = linesOf(text);
        if (verdict === 'safe' && codes === undefined) {
          scoreOf(id, tokens, { wanted: 'unsafe', other: 'safe', isWanted: false });
          return { scores: [] };
        }
        const named = (codes ?? '').split(',').map((code) => hazards[code.trim()]);
        if (verdict !== 'unsafe' || rest.length > 0 || named.some((type) => type === undefined))
          throw badAnswer(id, 'neither `safe` nor `unsafe` with categories that it has');
        const score = scoreOf(id, tokens, { wanted: 'unsafe', other: 'safe', isWanted: true });
        return { scores: [...new Set(named)].map((type): Score => ({ type: type!, score })) };
      },
    },
    options,
  );
}

const DEFAULT_MODEL = {
  2: 'meta-llama/Meta-Llama-Guard-2-8B',
  3: 'meta-llama/Llama-Guard-3-8B',
  4: 'meta-llama/Llama-Guard-4-12B',
} as const;

const GENERATION: { readonly [name: string]: OptionShape } = {
  generation: { is: (value) => value === 2 || value === 3 || value === 4, words: '2, 3 or 4' },
};
