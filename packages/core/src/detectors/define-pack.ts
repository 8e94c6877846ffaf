import { PACKS, type Form, type Pack, type Recogniser } from '@flyball/detectors';
import { DetectorError } from './detector-error.ts';
import { isToken } from './recogniser.ts';

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const TYPE = /^[a-z][\w-]*(?:\.[A-Za-z0-9][\w-]*)+$/;

/**
 * Declares a pack of an application's own, in the form that the governor's packs have. Throws `DetectorError` with
 * `DETECTOR_INVALID` for what a policy could not use: a name that `use:` cannot write, a recogniser without a form, an
 * example or a source. A form that the scanner cannot run exactly is refused when a policy that names it is loaded.
 *
 *     const acme = definePack({ name: 'acme', version: '1', parts: { staff: [badge] } });
 *     await createGovernor({ policy: { file: 'policy.yaml' }, packs: [acme] });   // use: acme, acme/staff, acme.badge
 */
export function definePack(pack: Pack): Pack {
  const { name, version, parts, onRequest = [] } = pack;
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalid(`a pack needs a name of lower-case letters and digits, such as \`acme\`, not \`${name}\``);
  if (RESERVED.has(name)) throw invalid(`the pack \`${name}\` comes with the governor: choose another name`);
  if (typeof version !== 'string' || version === '')
    throw invalid(`pack \`${name}\` needs a version: change it whenever its findings may change`);
  for (const part of onRequest)
    if (!Object.hasOwn(parts, part)) throw invalid(`pack \`${name}\` has no part \`${part}\` that could be on request`);
  const seen = new Set<string>();
  for (const [part, members] of Object.entries(parts)) {
    if (!NAME.test(part)) throw invalid(`pack \`${name}\`: \`${part}\` is no name for a part`);
    for (const recogniser of members) {
      requireRecogniser(name, recogniser);
      if (seen.has(recogniser.type))
        throw invalid(`pack \`${name}\` has two recognisers of type \`${recogniser.type}\``);
      seen.add(recogniser.type);
    }
  }
  return pack;
}

const RESERVED: ReadonlySet<string> = new Set([...PACKS, 'secret']);

function requireRecogniser(pack: string, { type, forms, looking, source, finds, ignores }: Recogniser): void {
  if (typeof type !== 'string' || !TYPE.test(type))
    throw invalid(`pack \`${pack}\`: the type \`${type}\` must be a dotted name such as \`acme.badge\``);
  const what = `recogniser \`${type}\` of pack \`${pack}\``;
  if (!Array.isArray(forms) || (forms.length === 0 && looking === undefined))
    throw invalid(`${what} needs at least one form`);
  for (const form of forms as readonly Form[]) requireForm(what, form);
  if (typeof source !== 'string' || source === '') throw invalid(`${what} needs the source of its format`);
  if (!Array.isArray(finds) || finds.length === 0 || !Array.isArray(ignores) || ignores.length === 0)
    throw invalid(`${what} needs examples: texts in which it finds something, and some in which it does not`);
  for (const example of finds as readonly string[])
    if (!/«[^]+»/.test(example))
      throw invalid(`${what}: the example \`${example}\` must mark what is found with \`«»\``);
}

function requireForm(what: string, { find, score }: Form): void {
  if (!(typeof score === 'number' && score > 0 && score <= 1))
    throw invalid(`${what}: the score of a form must be above 0 and at most 1`);
  if (!isToken(find)) return;
  for (const head of find.heads)
    if (!/^[A-Za-z0-9_-]{2,}$/.test(head))
      throw invalid(`${what}: a token's head has at least two letters, digits, \`_\` or \`-\`, unlike \`${head}\``);
}

function invalid(message: string): DetectorError {
  return new DetectorError('DETECTOR_INVALID', message);
}
