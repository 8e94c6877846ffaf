/**
 * National identifiers as people write about them. Which words stand beside a number is written here by itself: the key
 * words of the recognisers are not asked, so that a name they do not know shows.
 */
import { expandExample } from '@flyball/detectors';
import type { Recogniser } from '@flyball/detectors';
import type { Positive } from './detector-positives.ts';
import type { Random } from './detector-random.ts';

/** What such numbers are called in English forms: of persons, for taxes, of insurances, of firms, for health. */
const KINDS = {
  P: ['national ID', 'national identity number', 'ID number', 'identity card number', 'national identification number'],
  T: ['tax ID', 'tax identification number', 'tax number', 'TIN'],
  S: ['social security number', 'social insurance number'],
  F: ['company number', 'company registration number', 'business registration number', 'tax ID'],
  H: ['health insurance number', 'health card number'],
} as const;

type Row = readonly [kind: keyof typeof KINDS, people: string, names: string, ...shapes: string[]];

/** By the end of the type: kind, whose, what it is called there, and how it is printed. */
const IDENTIFIERS: { readonly [type: string]: Row } = {
  ae_id: ['P', 'Emirati', 'Emirates ID|رقم الهوية الإماراتية|EID number', '###-####-#######-#'],
  al_nid: ['P', 'Albanian', 'NID|numri i identitetit|numri personal'],
  am_psn: ['P', 'Armenian', 'ՀԾՀ|public services number|հանրային ծառայությունների համարանիշ'],
  ar_cuit: ['T', 'Argentine', 'CUIT|CUIL|número de CUIT', '##-########-#'],
  ar_dni: ['P', 'Argentine', 'DNI|documento nacional de identidad|D.N.I. Nº', '##.###.###'],
  at_svnr: ['S', 'Austrian', 'Sozialversicherungsnummer|SVNR|SV-Nr.|Versicherungsnummer', '#### ######', '####-######'],
  au_tfn: ['T', 'Australian', 'TFN|tax file number', '### ### ###'],
  au_abn: ['F', 'Australian', 'ABN|Australian Business Number', '## ### ### ###'],
  au_medicare: ['H', 'Australian', 'Medicare number|Medicare card|Medicare', '#### ##### #'],
  ba_jmbg: ['P', 'Bosnian', 'JMBG|jedinstveni matični broj|matični broj građana'],
  be_nn: [
    'P',
    'Belgian',
    'rijksregisternummer|numéro de registre national|NISS|INSZ|national register number',
    '##.##.##-###.##',
    '## ## ## ### ##',
    '##.##.##-###-##',
  ],
  bg_egn: ['P', 'Bulgarian', 'ЕГН|EGN|единен граждански номер'],
  bg_lnch: ['P', 'Bulgarian', 'ЛНЧ|личен номер на чужденец'],
  br_cpf: ['T', 'Brazilian', 'CPF|número do CPF|CPF/MF', '###.###.###-##', '###-###-###-##'],
  br_cnpj: ['F', 'Brazilian', 'CNPJ|CNPJ/MF', '##.###.###/####-##'],
  br_pis: ['S', 'Brazilian', 'PIS/PASEP|NIS|PIS', '###.#####.##-#'],
  br_cns: ['H', 'Brazilian', 'CNS|Cartão Nacional de Saúde|cartão SUS', '### #### #### ####'],
  by_id: ['P', 'Belarusian', 'личный номер|идентификационный номер|асабісты нумар'],
  ca_sin: ['S', 'Canadian', "SIN|social insurance number|NAS|numéro d'assurance sociale", '### ### ###', '###-###-###'],
  ch_ahv: ['S', 'Swiss', 'AHV-Nummer|AHV|numéro AVS|numero AVS', '###.####.####.##'],
  cl_rut: ['P', 'Chilean', 'RUT|RUN|rol único tributario', '##.###.###-#', '########-#'],
  cn_ric: ['P', 'Chinese', '身份证号码|身份证|公民身份号码|居民身份证'],
  cn_uscc: ['F', 'Chinese', '统一社会信用代码|社会信用代码|unified social credit code'],
  co_nit: ['F', 'Colombian', 'NIT|número de identificación tributaria', '###.###.###-#', '#########-#'],
  co_cc: ['P', 'Colombian', 'cédula de ciudadanía|cédula|C.C.', '#.###.###.###'],
  cr_cpf: ['P', 'Costa Rican', 'cédula|cédula de identidad|número de cédula', '#-####-####'],
  cu_ni: ['P', 'Cuban', 'carné de identidad|número de identidad|carnet de identidad'],
  cy_tic: ['T', 'Cypriot', 'TIC|ΑΦΤ|tax identification code'],
  cz_rc: ['P', 'Czech', 'rodné číslo|RČ|r. č.|birth number', '######/####'],
  cz_ico: ['F', 'Czech', 'IČO|IČ|identifikační číslo'],
  de_idnr: [
    'T',
    'German',
    'Steuer-ID|Steueridentifikationsnummer|steuerliche Identifikationsnummer|IdNr.|Steuer-Identifikationsnummer|Steuer-IdNr.',
    '## ### ### ###',
  ],
  de_stnr: ['T', 'German', 'Steuernummer|St.-Nr.|Steuer-Nr.'],
  de_rvnr: [
    'S',
    'German',
    'Rentenversicherungsnummer|Sozialversicherungsnummer|RV-Nummer|Versicherungsnummer|SV-Nummer',
    '## ###### # ###',
  ],
  de_kvnr: ['H', 'German', 'Krankenversichertennummer|Versichertennummer|KVNR|Krankenversicherungsnummer'],
  de_perso: ['P', 'German', 'Personalausweisnummer|Ausweisnummer|Personalausweis|Ausweis-Nr.'],
  dk_cpr: ['P', 'Danish', 'CPR-nummer|CPR|CPR-nr.|personnummer', '######-####'],
  do_cedula: ['P', 'Dominican', 'cédula|cédula de identidad y electoral', '###-#######-#'],
  dz_nin: ['P', 'Algerian', "NIN|numéro d'identification national|رقم التعريف الوطني"],
  ec_ci: ['P', 'Ecuadorian', 'cédula|C.I.|cédula de identidad|cédula de ciudadanía', '#########-#'],
  ee_ik: ['P', 'Estonian', 'isikukood|IK'],
  eg_id: ['P', 'Egyptian', 'الرقم القومي|رقم البطاقة|national ID'],
  es_dni: ['P', 'Spanish', 'DNI|NIF|documento nacional de identidad', '########-#', '##.###.###-#'],
  es_nie: [
    'P',
    'Spanish',
    'NIE|número de identidad de extranjero|número de identificación de extranjero',
    '#-#######-#',
  ],
  es_nss: [
    'S',
    'Spanish',
    'número de la Seguridad Social|NSS|NUSS|número de afiliación',
    '## ######## ##',
    '##/########/##',
    '##-########-##',
  ],
  es_cif: ['F', 'Spanish', 'CIF|NIF de la empresa', '#-########'],
  fi_hetu: ['P', 'Finnish', 'henkilötunnus|HETU|personbeteckning|sosiaaliturvatunnus'],
  fr_nir: [
    'S',
    'French',
    'numéro de sécurité sociale|n° sécu|NIR|numéro INSEE|n° de sécurité sociale',
    '# ## ## ## ### ### ##',
    '# ## ## ## ### ###-##',
  ],
  fr_spi: ['T', 'French', 'numéro fiscal|numéro SPI|n° fiscal|numéro fiscal de référence', '## ## ### ### ###'],
  fr_siren: ['F', 'French', 'SIREN|numéro SIREN', '### ### ###'],
  fr_siret: ['F', 'French', 'SIRET|numéro SIRET', '### ### ### #####'],
  gb_nino: ['S', 'British', 'National Insurance number|NI number|NINO|NI no.', '## ## ## ## #', '## ###### #'],
  gb_nhs: ['H', 'British', 'NHS number|NHS no.|NHS', '### ### ####', '###-###-####'],
  gb_chi: ['H', 'Scottish', 'CHI number|CHI|Community Health Index'],
  gb_utr: ['T', 'British', 'UTR|unique taxpayer reference', '##### #####'],
  ge_pn: ['P', 'Georgian', 'პირადი ნომერი|personal number'],
  gh_card: ['P', 'Ghanaian', 'Ghana Card|GhanaCard number'],
  gr_afm: ['T', 'Greek', 'ΑΦΜ|Α.Φ.Μ.|AFM|αριθμός φορολογικού μητρώου'],
  gr_amka: ['S', 'Greek', 'ΑΜΚΑ|AMKA|Α.Μ.Κ.Α.'],
  gt_cui: ['P', 'Guatemalan', 'CUI|DPI', '#### ##### ####'],
  hk_id: ['P', 'Hong Kong', 'HKID|身份證號碼|Hong Kong identity card', '#######(#)'],
  hn_dni: ['P', 'Honduran', 'DNI|tarjeta de identidad|número de identidad', '####-####-#####'],
  hr_oib: ['P', 'Croatian', 'OIB|osobni identifikacijski broj'],
  hu_adoaz: ['T', 'Hungarian', 'adóazonosító jel|adóazonosító|adószám'],
  hu_taj: ['S', 'Hungarian', 'TAJ szám|TAJ|TAJ-szám|társadalombiztosítási azonosító', '### ### ###', '###-###-###'],
  id_nik: ['P', 'Indonesian', 'NIK|nomor KTP|KTP|No. KTP'],
  id_npwp: ['T', 'Indonesian', 'NPWP|nomor NPWP', '##.###.###.#-###.###'],
  ie_pps: ['S', 'Irish', 'PPS number|PPSN|PPS No.|personal public service number', '####### ##'],
  il_tz: ['P', 'Israeli', 'תעודת זהות|ת.ז.|ת"ז|Teudat Zehut|מספר זהות', '########-#'],
  in_aadhaar: ['P', 'Indian', 'Aadhaar|Aadhaar number|Aadhar card|आधार संख्या|UIDAI', '#### #### ####', '####-####-####'],
  in_pan: ['T', 'Indian', 'PAN|PAN card|permanent account number|पैन'],
  in_gstin: ['F', 'Indian', 'GSTIN|GST number'],
  in_epic: ['P', 'Indian', 'voter ID|EPIC number|voter card|मतदाता पहचान पत्र'],
  in_uan: ['S', 'Indian', 'UAN|universal account number|EPF UAN'],
  ir_melli: ['P', 'Iranian', 'کد ملی|شماره ملی|national code', '###-######-#'],
  is_kt: ['P', 'Icelandic', 'kennitala|kt.', '######-####'],
  it_cf: ['T', 'Italian', 'codice fiscale|C.F.|cod. fiscale|CF'],
  it_piva: ['F', 'Italian', 'partita IVA|P.IVA|P. IVA'],
  jp_mynumber: ['P', 'Japanese', 'マイナンバー|個人番号|My Number|個人番号カード', '#### #### ####'],
  jp_corp: ['F', 'Japanese', '法人番号|corporate number'],
  ke_pin: ['T', 'Kenyan', 'KRA PIN|PIN certificate'],
  kr_rrn: ['P', 'Korean', '주민등록번호|주민번호|resident registration number|외국인등록번호', '######-#######'],
  kr_brn: ['F', 'Korean', '사업자등록번호|사업자 번호|business registration number', '###-##-#####'],
  kw_civil: ['P', 'Kuwaiti', 'Civil ID|الرقم المدني|البطاقة المدنية'],
  kz_iin: ['P', 'Kazakh', 'ИИН|ЖСН|IIN|индивидуальный идентификационный номер'],
  lk_nic: ['P', 'Sri Lankan', 'NIC|NIC number|national identity card'],
  lt_ak: ['P', 'Lithuanian', 'asmens kodas|a. k.|AK'],
  lu_matricule: [
    'S',
    'Luxembourg',
    "matricule|numéro d'identification nationale|numéro de matricule",
    '#### #### #####',
  ],
  lv_pk: ['P', 'Latvian', 'personas kods|p.k.', '######-#####'],
  ma_cin: ['P', 'Moroccan', "CIN|CNIE|carte nationale|carte d'identité nationale|بطاقة التعريف الوطنية"],
  md_idnp: ['P', 'Moldovan', 'IDNP|cod personal'],
  me_jmbg: ['P', 'Montenegrin', 'JMBG|matični broj'],
  mk_embg: ['P', 'Macedonian', 'ЕМБГ|EMBG|матичен број'],
  mt_id: ['P', 'Maltese', 'ID card|karta tal-identità|ID card number'],
  mu_nic: ['P', 'Mauritian', 'NIC|national identity card'],
  mx_curp: ['P', 'Mexican', 'CURP|clave única de registro de población'],
  mx_rfc: ['T', 'Mexican', 'RFC|registro federal de contribuyentes'],
  mx_nss: [
    'S',
    'Mexican',
    'NSS|número de seguridad social|IMSS|número de seguro social',
    '## ## ## #### #',
    '##-##-##-####-#',
  ],
  my_nric: ['P', 'Malaysian', 'MyKad|NRIC|IC number|no. KP|No. Kad Pengenalan|nombor kad pengenalan'],
  ng_nin: ['P', 'Nigerian', 'NIN|BVN|bank verification number|national identification number'],
  ni_cedula: ['P', 'Nicaraguan', 'cédula|cédula de identidad', '###-######-#####'],
  nl_bsn: ['S', 'Dutch', 'BSN|burgerservicenummer|sofinummer|BSN-nummer', '####.##.###', '### ### ###', '###.###.###'],
  no_fnr: ['P', 'Norwegian', 'fødselsnummer|personnummer|fnr.|D-nummer|fødselsnr', '###### #####', '######-#####'],
  np_ctz: ['P', 'Nepali', 'नागरिकता नं|citizenship number|citizenship certificate no.'],
  nz_ird: ['T', 'New Zealand', 'IRD number|IRD|IRD no.', '##-###-###', '###-###-###'],
  nz_nhi: ['H', 'New Zealand', 'NHI|NHI number'],
  pa_cedula: ['P', 'Panamanian', 'cédula|cédula de identidad personal'],
  pe_ruc: ['F', 'Peruvian', 'RUC|registro único de contribuyentes'],
  pe_dni: ['P', 'Peruvian', 'DNI|documento nacional de identidad', '########-#'],
  ph_sss: ['S', 'Filipino', 'SSS number|SSS|SSS No.'],
  pk_cnic: ['P', 'Pakistani', 'CNIC|NICOP|شناختی کارڈ نمبر|CNIC number'],
  pl_pesel: ['P', 'Polish', 'PESEL|numer PESEL|nr PESEL'],
  pl_nip: ['T', 'Polish', 'NIP|numer NIP|nr NIP', '###-###-##-##', '###-##-##-###'],
  pl_regon: ['F', 'Polish', 'REGON|nr REGON'],
  pl_dowod: ['P', 'Polish', 'dowód osobisty|numer dowodu|seria i numer dowodu|nr dowodu osobistego', '### ######'],
  pt_nif: ['T', 'Portuguese', 'NIF|número de contribuinte|contribuinte', '### ### ###'],
  pt_cc: ['P', 'Portuguese', 'Cartão de Cidadão|CC|bilhete de identidade', '######## # ###'],
  pt_niss: ['S', 'Portuguese', 'NISS|número de segurança social|segurança social'],
  py_ruc: ['F', 'Paraguayan', 'RUC|registro único del contribuyente', '#######-#'],
  qa_qid: ['P', 'Qatari', 'QID|Qatar ID|رقم البطاقة الشخصية'],
  ro_cnp: ['P', 'Romanian', 'CNP|cod numeric personal'],
  rs_jmbg: ['P', 'Serbian', 'ЈМБГ|JMBG|matični broj'],
  ru_inn: ['T', 'Russian', 'ИНН|INN'],
  ru_snils: ['S', 'Russian', 'СНИЛС|SNILS|номер СНИЛС|страховой номер', '###-###-### ##'],
  ru_ogrn: ['F', 'Russian', 'ОГРН|ОГРНИП'],
  sa_id: ['P', 'Saudi', 'رقم الهوية|iqama|الهوية الوطنية|رقم الإقامة|Iqama number'],
  se_pnr: ['P', 'Swedish', 'personnummer|pers.nr|samordningsnummer|personnr', '######-####'],
  sg_nric: ['P', 'Singaporean', 'NRIC|FIN|NRIC/FIN|NRIC No.'],
  si_emso: ['P', 'Slovenian', 'EMŠO|EMSO|enotna matična številka'],
  si_ddv: ['T', 'Slovenian', 'davčna številka|ID za DDV'],
  sk_rc: ['P', 'Slovak', 'rodné číslo|r.č.', '######/####'],
  sv_dui: ['P', 'Salvadoran', 'DUI|documento único de identidad', '########-#'],
  th_id: [
    'P',
    'Thai',
    'เลขประจำตัวประชาชน|เลขบัตรประชาชน|Thai national ID|บัตรประชาชน',
    '#-####-#####-##-#',
    '# #### ##### ## #',
  ],
  tn_cin: ['P', 'Tunisian', "CIN|carte d'identité nationale|بطاقة التعريف الوطنية"],
  tr_tckn: ['P', 'Turkish', 'TC kimlik no|T.C. Kimlik Numarası|TCKN|kimlik numarası|TC No'],
  tr_vkn: ['T', 'Turkish', 'vergi kimlik numarası|VKN|vergi no|vergi numarası'],
  tw_id: ['P', 'Taiwanese', '身分證字號|身分證|身份證字號|統一證號'],
  ua_rnokpp: ['T', 'Ukrainian', 'РНОКПП|ІПН|ідентифікаційний код|індивідуальний податковий номер'],
  us_itin: ['T', 'US', 'ITIN|individual taxpayer identification number', '###-##-####'],
  us_ein: ['T', 'US', 'EIN|FEIN|employer identification number|federal tax ID'],
  uy_ci: ['P', 'Uruguayan', 'cédula de identidad|C.I.|cédula', '#.###.###-#', '#######-#'],
  uz_pinfl: ['P', 'Uzbek', 'PINFL|ПИНФЛ|JSHSHIR'],
  ve_rif: ['T', 'Venezuelan', 'RIF|cédula', '#-########-#'],
  vn_cccd: ['P', 'Vietnamese', 'CCCD|căn cước công dân|số CCCD|CMND'],
  vn_mst: ['T', 'Vietnamese', 'mã số thuế|MST', '##########'],
  za_id: [
    'P',
    'South African',
    'SA ID number|RSA ID|South African ID|identity number',
    '###### #### ###',
    '###### #### ## #',
  ],
};

/** A sentence, a field, JSON, a report, a table, a remark, a request. */
const CARRIERS: readonly ((name: string, value: string) => string)[] = [
  (name, value) => `My ${name} is ${value}.`,
  (name, value) => `${name}: ${value}`,
  (name, value) => `{"${name.replaceAll(/[ .]+/g, '_').toLowerCase()}":"${value}"}`,
  (name, value) => `We have ${value} on file as the ${name} of the applicant.`,
  (name, value) => `| ${name} | ${value} |`,
  (name, value) => `${name} - ${value}`,
  (name, value) => `Please update the ${name} in your records as: ${value}`,
];
const ALONE: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => `I think it was ${value}, please check`,
  (value) => `value=${value}`,
  (value) => `Hello, ${value}.`,
];

/** How much is said: the number's own name, a general one, or nothing at all. */
export type Said = 'own' | 'general' | 'nothing';

/** A text with an identifier of the recogniser; `undefined` where the table has none. */
export function identifierText(random: Random, recogniser: Recogniser, said: Said): Positive | undefined {
  const row = IDENTIFIERS[recogniser.type.replace('pii.national_id.', '')];
  if (row === undefined) return undefined;
  const [kind, people, names, ...shapes] = row;
  const plain = otherNumber(random, recogniser);
  const value = shapes.length > 0 && random.below(2) === 0 ? shaped(plain, random.pick(shapes)) : plain;
  const general = [...KINDS[kind], `${people} ID`, `${people} ${KINDS[kind][0]}`];
  const text =
    said === 'nothing'
      ? random.pick(ALONE)(value)
      : random.pick(CARRIERS)(random.pick(said === 'own' ? names.split('|') : general), value);
  const start = text.indexOf(value);
  // Another country's number may have the same form: that it is one is what counts.
  const type = recogniser.type.startsWith('pii.national_id') ? 'pii.national_id' : recogniser.type;
  return { type, text, start, end: start + value.length };
}

/** The number of the first example that has no separators, with other digits and right check digits. */
export function otherNumber(random: Random, { forms, finds }: Recogniser): string {
  const examples = finds.map((written) => {
    const { text, start, end } = expandExample(written);
    return text.slice(start, end);
  });
  const example = examples.find((one) => /^[A-Za-z0-9]+$/.test(one)) ?? examples[0]!;
  const { validate } = forms.at(-1)!;
  for (let tries = 0; tries < 3000; tries++) {
    const value = example.replaceAll(/\d/g, (digit) => (random.below(2) === 0 ? digit : random.digits(1)));
    if (value !== example && validate?.(value) === true) return value;
  }
  return example;
}

function shaped(value: string, shape: string): string {
  const signs = value.replaceAll(/[^A-Za-z0-9]/g, '');
  let at = 0;
  return shape.replaceAll('#', () => signs[at++] ?? '');
}
