import type { Recogniser } from '../../recogniser.ts';

/** Somebody lived so long. */
const isAge = (match: string): boolean => {
  const age = Number(/\d+/.exec(match)?.[0]);
  return age >= 1 && age <= 120;
};

/** What says that a person is meant, and not a house or a whisky. */
const PERSONS = [
  ...[
    'patient',
    'applicant',
    'client',
    'customer',
    'employee',
    'resident',
    'candidate',
    'defendant',
    'victim',
    'suspect',
  ],
  ...[
    'my name',
    'mr',
    'mrs',
    'ms',
    'male',
    'female',
    'patientin',
    'kundin',
    'kunde',
    'herr',
    'frau',
    'paciente',
    'cliente',
  ],
  ...[
    'señor',
    'señora',
    'madame',
    'monsieur',
    'paziente',
    'signor',
    'signora',
    'pacjent',
    'пациент',
    'пациентка',
    '患者',
    '환자',
  ],
];

/**
 * Ages in fields of forms, and in sentences that say whose they are. On request, `use: pii/person`: an age alone says
 * who somebody is only together with more, and every program about users holds some.
 */
export const age: Recogniser = {
  type: 'pii.age',
  name: 'Age of a person',
  fold: true,
  forms: [
    {
      find: /(?<=[:=]) ?["']?\d{1,3}(?![\d:%/-])/,
      score: 0.7,
      validate: isAge,
      accepts: (_, before) =>
        /(?:^|[^\p{L}-])(?:age|patient[ _]?age|alter|edad|âge|idade|età|leeftijd|wiek|ålder|alder|ikä|věk|возраст|yaş|年齢|年龄|나이|العمر)["']?\s?[:=]$/iu.test(
          before,
        ),
    },
    {
      find: /(?<![\d.,$€£])\d{1,3}(?:[ -]years?[ -]old|[- ]?yo| Jahre alt|-jährige[rns]?| ans| años(?: de edad)?| anni| anos(?: de idade)?| jaar(?: oud)?| lat| år(?: gammal| gammel)?| лет| год[а]?| yaşında|岁|歳|세)(?![A-Za-z0-9])/,
      score: 0.6,
      validate: isAge,
      near: PERSONS,
    },
    {
      find: /(?<![A-Za-z])(?:aged|[âa]g[ée]e? de|de edad de) \d{1,3}(?![\d:%/-])/,
      score: 0.6,
      validate: isAge,
      near: PERSONS,
    },
  ],
  source: 'forms of authorities and hospitals, and the customs of the languages',
  since: '0.3.0',
  finds: [
    'Patient: «43 years old», smoker',
    '{"name":"A. Kestrel","age":«43»}',
    'Alter:« 43»',
    'die Patientin, «43 Jahre alt»',
    'the defendant, «aged 43», said',
    'paciente de «43 años»',
  ],
  ignores: [
    'a whisky 12 years old',
    'the house is 43 years old',
    'page: 43',
    'max-age=43',
    'Patient waited 430 years old',
  ],
  limits: 'in sentences only beside a word for a person in need of care, a customer or a party; `I am 43` is not found',
};
