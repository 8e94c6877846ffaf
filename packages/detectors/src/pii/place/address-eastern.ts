import type { Recogniser } from '../../recogniser.ts';

/** From the large to the small, as the posts write them. */
const FORMS: readonly (readonly [where: string, source: string])[] = [
  ['Japan', '〒\\d{3}-\\d{4} ?[\\u3040-\\u9fff]+[\\u3040-\\u9fff0-9０-９－-]+'],
  [
    'Japan, by its prefecture',
    '(?:東京都|北海道|京都府|大阪府|[\\u4e00-\\u9fff]{2,3}県)[\\u3040-\\u9fff]{1,10}[市区町村郡][\\u3040-\\u9fff]{0,10}[0-9０-９]{1,4}(?:[-－‐丁目番地号の0-9０-９]{0,12})',
  ],
  [
    'China, Taiwan',
    '[\\u4e00-\\u9fff]{1,4}(?:省|市)[\\u4e00-\\u9fff]{1,8}(?:区|县|區|市)[\\u4e00-\\u9fff0-9]{1,12}(?:路|街|道|巷)[0-9０-９]{1,5}(?:号|號)',
  ],
  [
    'South Korea',
    '[\\uac00-\\ud7a3]+(?:시|도) [\\uac00-\\ud7a3]+(?:구|군|시) [\\uac00-\\ud7a30-9]+(?:로|길|동) \\d{1,4}(?:-\\d{1,4})?',
  ],
];

/**
 * Postal addresses of Japan, China, Taiwan and South Korea. Not folded: folding scripts of ten thousands of signs costs
 * more at the start than all else of the pack.
 */
export const addressEastern: Recogniser = {
  type: 'pii.address.eastern',
  name: 'Postal address of East Asia',
  forms: [{ find: new RegExp(`(?:${FORMS.map(([, source]) => source).join('|')})`), score: 0.9 }],
  source: 'UPU S42 templates; Japan Post, China Post, Chunghwa Post, Korea Post',
  since: '0.3.0',
  finds: [
    'お届け先 «〒150-0041東京都渋谷区神南1-14-8»',
    '寄到：«北京市朝阳区建国路14号»',
    '주소는 «서울특별시 강남구 테헤란로 14»',
    '«大阪府大阪市北区梅田3-1-1»',
    '«부산광역시 해운대구 우동 1408»',
  ],
  ignores: ['〒150-0041', '北京市很大', '서울특별시 강남구'],
};
