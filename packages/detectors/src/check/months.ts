/**
 * How the names of months begin, in the languages that write Latin letters (Unicode CLDR). Letters may have lost their
 * marks to folding.
 */
const BEGINNINGS = [
  'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec',
  'fév|févr|mär|avr|abr|mai|maj|mayo|mag|juin|giu|juil|lug|août|ago|set|okt|ott|out|dez|déc|dic|ene|gen',
  'janv|fevr|avri|aout|deze|marz|maio|ukto',
  // Finnish, Estonian, Latvian, Lithuanian
  'tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu',
  'jaan|veeb|märts|juun|juul|aug|sept|dets|saus|vas|kov|bal|geg|bir|lie|rugp|rugs|spa|lap|gruo',
  // Polish, Czech, Croatian, Slovenian
  'sty|lut|kwi|maja|cze|lip|sie|wrz|paź|paz|lis|gru',
  'led|úno|uno|bře|bre|dub|kvě|kve|črv|čer|cer|srp|zář|zar|říj|rij|pros',
  'sije|velj|ožu|ozu|trav|svib|lipn|kolov|rujn|stud',
  // Hungarian, Romanian, Turkish, Azerbaijani, Albanian
  'márc|ápr|máj|jún|júl|szept|okt|ian|iun|iul|noi|oca|şub|sub|nis|haz|tem|ağu|agu|eyl|eki|kas|ara',
  'yan|fev|iyu|sent|noy|dek|jan|shk|pri|qer|kor|gus|sht|tet|nën|dhj',
  // Icelandic, Irish, Welsh, Basque, Catalan
  'ágú|eaná|feab|már|aib|beal|meith|iúil|lún|meá|dei|sam|nol|gener|febr|març|juny|set|urt|ots|api|eka|uzt|abu|ira|urr|aza|abe',
  // Indonesian, Malay, Filipino, Swahili, Vietnamese
  'peb|mei|agu|des|mac|ogos|dis|enero|marso|hun|hul|setyem|oktub|nobyem|disyem',
].join('|');

/** A word that begins as a month does. */
export const MONTH: RegExp = new RegExp(`^(?:${BEGINNINGS})`, 'i');

/** Whole names of months in the languages in which dates stand without a year: `March`, not `many`. */
export const MONTH_NAME: RegExp =
  /^(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|s|zo|t)?|märz|maart|april|apr|avril|abril|aprile|may|mai|mayo|maggio|mei|maj|june?|juni|juin|junio|giugno|junho|july?|juli|juillet|julio|luglio|julho|aug(?:ust|usti|ustus)?|août|agosto|sep(?:t(?:ember|embre)?)?|septiembre|settembre|setembro|oct(?:ober|obre|ubre)?|okto?ber|ottobre|outubro|nov(?:ember|embre|iembre|embro)?|dec(?:ember|embre)?|dezember|diciembre|dicembre|dezembro|enero|febrero|janvier|février|gennaio|febbraio|janeiro|fevereiro|março)$/i;
