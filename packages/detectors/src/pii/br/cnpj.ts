import { at, falling } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: value = ASCII-48; W[5,4,3,2,9..2], W[6,5,4,3,2,9..2]; r<2→0 else 11-r. Usually written `12.ABC.345/01DE-35`.
 */
export const cnpj: Recogniser = nationalId({
  type: 'pii.national_id.br_cnpj',
  name: 'CNPJ (alphanumeric from July 2026) (Brazil)',
  plain: '[0-9A-Z]{12}\\d{2}',
  alone: ['**.***.***/****-##'],
  check: (s) => {
    // Letters are issued too, and count by their place in ASCII behind 0.
    const digit = (weights: readonly number[]): number => {
      const rest = weights.reduce((sum, weight, i) => sum + weight * at(s, i), 0) % 11;
      return rest < 2 ? 0 : 11 - rest;
    };
    const weights = [...falling(5, 2), ...falling(9, 2)];
    return digit(weights) === at(s, 12) && digit([6, ...weights]) === at(s, 13) && !/^(\d)\1+$/.test(s);
  },
  // The first nine branches of a firm.
  digitsAlone: [14, (s) => /^\d{8}000[1-9]/.test(s)],
  near: ['cnpj'],
  strong: true,
  source: 'Receita Federal IN 2229/2024',
  since: '0.2.0',
  finds: ['cnpj: «K4182705000104»', '(«K4.182.705/0001-04»)', '(«41827056000100»)'],
  ignores: ['cnpj: K4182705000105', 'order K4182705000104 was sent'],
});
