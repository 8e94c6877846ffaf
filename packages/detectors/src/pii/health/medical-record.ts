import type { Recogniser } from '../../recogniser.ts';

/** Numbers of patients and cases have no form: only a key word tells. */
export const medicalRecord: Recogniser = {
  type: 'pii.medical_record',
  name: 'Medical record number',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9])[A-Z]{0,3}-?\d(?:-?\d){4,11}(?![A-Za-z0-9])/,
      score: 0.7,
      near: [
        ...[
          'mrn',
          'medical record',
          'patient id',
          'patient no',
          'patient number',
          'chart no',
          'fallnummer',
          'patienten nr',
          'patientennummer',
        ],
        ...[
          'ipp',
          'nhc',
          'historia clínica',
          'dossier médical',
          'cartella clinica',
          'prontuário',
          'health insurance number',
        ],
      ],
    },
  ],
  source: 'the hospitals; no form of its own',
  since: '0.2.0',
  finds: ['MRN: «4182705»', 'Fallnummer «K-418270»'],
  ignores: ['order 4182705', 'the medical record of 2019'],
};
