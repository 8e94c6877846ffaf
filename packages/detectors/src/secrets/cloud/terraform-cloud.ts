import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** HashiCorp Terraform. */
export const terraformCloud: Recogniser = {
  type: 'secret.terraform_cloud',
  name: 'HashiCorp Terraform (terraform-cloud)',
  forms: [markedInside(/^[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}$/)],
  source: 'HashiCorp Terraform; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «{base62:14}.atlasv1.{base62:60}» x'],
  ignores: ['token = your_key_goes_here'],
};
