// What Flyball looks for. The packs themselves are `@flyball/detectors/pii` and `@flyball/detectors/secrets`: each is
// loaded when named.
export type { Form, Pack, Recogniser, Token } from './recogniser.ts';
export { expandExample, type Example } from './examples.ts';
export { canaryOf } from './attack/canary.ts';
export { decodedText } from './attack/carries.ts';
export { plainWords } from './attack/plain-words.ts';
export { PACK_NAMES, PACKS } from './names.ts';
