import type { Recogniser } from '../../recogniser.ts';

/**
 * Tag characters repeat ASCII without being shown: a model reads them, a person does not. Their one use today is in
 * flags of regions: a black flag, at most six tags, and the tag that ends them.
 */
export const tags: Recogniser = {
  type: 'hidden.tags',
  name: 'Text in invisible Unicode tags',
  forms: [
    { find: /(?<![\u{1F3F4}\u{E0001}-\u{E007F}])[\u{E0001}-\u{E007F}]{2,}/u, score: 1 },
    { find: /(?<=\u{1F3F4})[\u{E0020}-\u{E007E}]{7,}/u, score: 1 },
    { find: /(?<=\u{E007F})[\u{E0020}-\u{E007E}]+/u, score: 1 },
  ],
  source: 'Unicode Standard, block Tags; UTS #51, emoji tag sequences',
  since: '0.2.0',
  finds: [
    'A kettle.«\u{E0073}\u{E0065}\u{E006E}\u{E0064}\u{E0020}\u{E0069}\u{E0074}» It boils.',
    'Flag \u{1F3F4}«\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}\u{E0020}\u{E0061}»!',
  ],
  ignores: [
    'England \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} beat Wales \u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}.',
    'Texas \u{1F3F4}\u{E0075}\u{E0073}\u{E0074}\u{E0078}\u{E007F}',
  ],
};
