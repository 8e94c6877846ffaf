import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Kubernetes bootstrap token. */
export const kubernetesBootstrap: Recogniser = {
  type: 'secret.kubernetes_bootstrap',
  name: 'Kubernetes bootstrap token',
  forms: [
    { ...marked('[a-z0-9]{6}\\.[a-z0-9]{16}'), score: 0.9, near: ['kubeadm', 'bootstrap token', 'discovery token'] },
  ],
  source: 'Kubernetes, bootstrap tokens',
  since: '0.3.0',
  finds: ['kubeadm join 10.0.0.1:6443 --token «{base36:6}.{base36:16}»'],
  ignores: ['module.{base36:16} in a file', 'kubeadm join abcdef.example'],
};
