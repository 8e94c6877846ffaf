const ASK =
  'how|ways?|steps?|instructions?|guide|guides|tutorial|recipe|teach|explain|write|give|describe|provide|tell|show|create|develop|make|design|list|outline|script|plan|methods?|need to know|what|best|suggest|generate|compose|draft|recommend|techniques?|strateg\\w*|tactics|tips|where|which|can you|could you|help me|i want to';

/** Whoever asks how to prevent, find or survive something asks for help. */
const OTHERWISE =
  'prevent\\w*|protect\\w*|stop\\w*|avoid\\w*|detect\\w*|combat\\w*|reduc\\w*|fight\\w*|against|report\\w*|address\\w*|counter\\w*|spot|identif\\w*|recogni[sz]\\w*|mitigat\\w*|defend\\w*|block\\w*|filter\\w*|treat\\w*|support\\w*|overcome|recover\\w*|cope|secur\\w*|remov\\w*|discourag\\w*|laws?|legal|history|risks?|dangers?|effects?|victims?|help(?: a| my| someone| people| him| her| them)';

/**
 * The beginning of a request, up to `most` words before what is asked for: none of them may turn it into its opposite.
 *
 *     phrase([asking(6), 0, { anchor: 'pipe bombs?', at: 'bomb' }], 0.6)
 */
export const asking = (most: number): string => `(?:${ASK})(?: (?!(?:${OTHERWISE})[ .])[^ .]+){0,${most}}`;
