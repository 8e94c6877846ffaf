import { stdnum as validators } from 'stdnum';
import { describe, expect, it } from 'vitest';
import { PII } from '../pii.ts';

/** A maintained validator of national identifiers (MIT), written by others from the same sources. */
type Oracle = {
  readonly [country: string]: { readonly [name: string]: { validate(text: string): { isValid: boolean } } };
};
const stdnum = validators as unknown as Oracle;

/** Which of its validators knows which of our types. */
const KNOWN: readonly (readonly [type: string, country: string, name: string])[] = [
  ['at_svnr', 'AT', 'vnr'],
  ['au_tfn', 'AU', 'tfn'],
  ['au_abn', 'AU', 'abn'],
  ['br_cpf', 'BR', 'cpf'],
  ['br_cnpj', 'BR', 'cnpj'],
  ['ch_ahv', 'CH', 'ssn'],
  ['cl_rut', 'CL', 'rut'],
  ['co_nit', 'CO', 'nit'],
  ['de_idnr', 'DE', 'idnr'],
  ['do_cedula', 'DO', 'cedula'],
  ['ec_ci', 'EC', 'ci'],
  ['es_dni', 'ES', 'dni'],
  ['es_nie', 'ES', 'nie'],
  ['es_cif', 'ES', 'cif'],
  ['fi_hetu', 'FI', 'hetu'],
  ['fr_nir', 'FR', 'nir'],
  ['gb_utr', 'GB', 'utr'],
  ['hr_oib', 'HR', 'oib'],
  ['il_tz', 'IL', 'idnr'],
  ['in_aadhaar', 'IN', 'aadhaar'],
  ['it_piva', 'IT', 'iva'],
  ['mx_curp', 'MX', 'curp'],
  ['nl_bsn', 'NL', 'bsn'],
  ['no_fnr', 'NO', 'fodselsnummer'],
  ['nz_ird', 'NZ', 'ird'],
  ['pl_nip', 'PL', 'nip'],
  ['pt_nif', 'PT', 'nif'],
  ['th_id', 'TH', 'idnr'],
  ['tr_tckn', 'TR', 'tckimlik'],
  ['ua_rnokpp', 'UA', 'rntrc'],
  ['uy_ci', 'UY', 'cedula'],
  ['vn_mst', 'VN', 'mst'],
  ['au_acn', 'AU', 'acn'],
  ['dk_cvr', 'DK', 'cvr'],
  ['fi_ytunnus', 'FI', 'ytunnus'],
  ['ch_uid', 'CH', 'uid'],
  ['gb_vat', 'GB', 'vat'],
  ['at_uid', 'AT', 'uid'],
  ['be_ondernemingsnummer', 'BE', 'vat'],
  ['fr_tva', 'FR', 'tva'],
  ['lu_tva', 'LU', 'tva'],
  ['ie_vat', 'IE', 'vat'],
  ['ca_bn', 'CA', 'bn'],
  ['in_vid', 'IN', 'vid'],
];
/**
 * Where ours asks for more. Those left out differ in calendars alone, where 30 February and next year are days to ours.
 */
const STRICTER: typeof KNOWN = [
  ['bg_egn', 'BG', 'egn'],
  ['ee_ik', 'EE', 'ik'],
  ['mx_rfc', 'MX', 'rfc'],
  ['se_org', 'SE', 'orgnr'],
  ['no_org', 'NO', 'orgnr'],
  ['de_ustid', 'DE', 'vat'],
];

const RECOGNISERS = new Map(
  Object.values(PII.parts)
    .flat()
    .map((recogniser) => [recogniser.type, recogniser]),
);

/** Numbers two digits away from a right one. */
function* mutants(number: string): Iterable<string> {
  let state = 20_261_128;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const places = [...number.matchAll(/\d/g)].map(({ index }) => index);
  for (let i = 0; i < 400; i++) {
    const signs = [...number];
    for (let changes = 0; changes < 2; changes++) signs[places[next(places.length)]!] = String(next(10));
    yield signs.join('');
  }
}

describe('checks of national identifiers, beside a validator of others', () => {
  const pair = (type: string, country: string, name: string) => {
    const recogniser = RECOGNISERS.get(`pii.national_id.${type}`)!;
    const validate = recogniser.forms.at(-1)!.validate!;
    const accepts = (text: string): boolean => stdnum[country]![name]!.validate(text).isValid;
    // Printed forms that the other does not read are not compared.
    const numbers = recogniser.finds.flatMap((text) => /«([^»]+)»/.exec(text)?.[1] ?? []);
    const number = numbers.find(accepts) ?? numbers[0]!;
    expect([validate(number), accepts(number)]).toEqual([true, true]);
    return { validate, accepts, numbers: [...mutants(number)] };
  };

  it.each(KNOWN)('%s: the same numbers', (type, country, name) => {
    const { validate, accepts, numbers } = pair(type, country, name);
    expect(numbers.filter((number) => validate(number) !== accepts(number))).toEqual([]);
  });

  it.each(STRICTER)('%s: no number that it refuses', (type, country, name) => {
    const { validate, accepts, numbers } = pair(type, country, name);
    expect(numbers.filter((number) => validate(number) && !accepts(number))).toEqual([]);
  });
});
