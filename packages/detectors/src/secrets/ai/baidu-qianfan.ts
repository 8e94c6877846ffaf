import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Baidu Qianfan. */
export const baiduQianfan: Recogniser = {
  type: 'secret.baidu_qianfan',
  name: 'Baidu Qianfan (baidu-qianfan)',
  forms: [marked('bce-v3/ALTAK-[A-Za-z0-9]{21}/[a-f0-9]{40}')],
  source: 'Baidu Qianfan, issued tokens',
  since: '0.2.0',
  finds: ['key «bce-v3/ALTAK-{base62:21}/{hex:40}» x'],
  ignores: ['bce-v3your_key_goes_here_xxxxxxxxxxxx'],
};
