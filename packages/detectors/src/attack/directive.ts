/**
 * How much a text reads like an order to a model: a few points for each kind of word, each kind once. It is asked only
 * about text that stands where no order belongs (a comment, an alternative text, what nobody sees), so that words alone
 * say little elsewhere.
 */
const KINDS: readonly (readonly [RegExp, number])[] = [
  // Somebody is spoken to who is no reader of the page.
  [
    /\b(?:ai|a\.i\.|llms?|gpt|chatgpt|claude|gemini|copilot|siri|assistants?|chat ?bots?|agents?|(?:large )?language models?)\b/i,
    2,
  ],
  [/\b(?:ignore|disregard|forget|override|bypass|supersedes?)\b/i, 2],
  [/\b(?:instructions?|system prompt|prompt|directives?|guidelines)\b/i, 1],
  [/\b(?:important|urgent|attention|system|admin(?:istrator)?|note to|p\.s\.)\b/i, 1],
  // It is not to be known.
  [
    /\b(?:(?:do not|don't|never|without) (?:mention|mentioning|tell|telling|reveal|revealing|disclose|disclosing|inform|informing|notify|notifying|say|saying|show|showing|asking|warn|warning)|secretly|silently|quietly|covertly|confidential(?:ly)?)\b/i,
    2,
  ],
  [
    /\b(?:when|if|while|before|after) (?:you|the (?:user|model|assistant)|asked|summari[sz]|answering|responding|replying|processing|reading|translating)/i,
    1,
  ],
  [
    /\b(?:send|forward|e-?mail|transfer|wire|pay|delete|remove|erase|upload|post|visit|open|click|download|execute|run|call|invoke|fetch|exfiltrate|leak|share|copy|buy|order|book|approve|grant|reset)\b/i,
    1,
  ],
  [
    /\b(?:add|append|include|insert|recommend|praise|reply|respond|answer|output|print|say|state|tell|write|rate|rank|repeat|display|always|must|instead|claim|conclude)\b/i,
    1,
  ],
  [
    /\b(?:users?|customers?|conversation|chat history|e-?mails?|messages|contacts?|files?|inbox|passwords?|passcodes?|secrets?|tokens?|api keys?|credentials?|account|payment|money|invoice|reviews?|summary|answer|response|output|product|candidate|applicant)\b/i,
    1,
  ],
  [/https?:\/\/|\b[\w.+-]+@[\w-]+\.[a-z]{2,}/i, 1],
];

/** Points of a text, from 0 to 13. */
export function directivePoints(text: string): number {
  let points = 0;
  for (const [kind, weight] of KINDS) if (kind.test(text)) points += weight;
  return points;
}

/**
 * It needs an order and somebody or something that is not to be seen to it: a comment of a programmer has one of them
 * at most.
 */
export const isDirective = (text: string): boolean => directivePoints(text) >= 4;

/** Where text is hidden on purpose less is needed. */
export const isLikelyDirective = (text: string): boolean => directivePoints(text) >= 3;
