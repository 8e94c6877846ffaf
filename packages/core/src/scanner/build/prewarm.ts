/**
 * Warms a cache up while patterns are compiled, so that the first users of a set do not pay for its states. The text is
 * what models write: answers, code, data, several languages. The phrases of the set are part of it, because the states
 * along a phrase are those that text about the same matter will visit.
 */
import type { Breaks } from './breaks.ts';
import type { Dfa } from '../run/dfa.ts';
import { Lane, SILENT } from '../run/lane.ts';

/**
 * Units of sample text, without numbers and the set's own phrases. More of both was tried: of the steps that new prose
 * needs, three times as much text saves one in a hundred, and it costs as long to compile as the rest.
 */
const SAMPLE_UNITS = 8_192;
const NUMBER_UNITS = 384;
const SEPARATORS = ' - .  -/:,(+';
/** Units, and work (`run/work.ts`), between two looks at the clock. */
const CHUNK = 256;
const CHUNK_WORK = 20_000;
/** A cache that needs more steps than this for a sample will not be warm whatever we do. */
const MOST_STEPS = 16_384;

export async function prewarm(automaton: Dfa, phrases: readonly string[], breaks: Breaks): Promise<void> {
  const lane = new Lane(automaton, SILENT);
  const text = `${sample()} ${phrases.join(', ')}`;
  const { misses } = automaton;
  for (let at = 0; at < text.length && automaton.misses - misses < MOST_STEPS;) {
    if (breaks.isDue) await breaks.take();
    at = lane.run(text, at, Math.min(at + CHUNK, text.length), 0, true, CHUNK_WORK);
  }
}

let made: string | undefined;

/** The pieces as they stand, then their words in an order of their own, over and over. */
function sample(): string {
  if (made !== undefined) return made;
  const words = PIECES.join(' ').split(/\s+/);
  let text = PIECES.join('\n\n');
  // A linear congruence visits the words in a scattered but fixed order (the multiplier of Numerical Recipes).
  for (let seed = 1; text.length < SAMPLE_UNITS; seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) {
    text += ` ${words[seed % words.length]}`;
  }
  return (made = `${text} ${numbers()}`);
}

/** Digits in groups of every length, with the separators that people write between them. */
function numbers(): string {
  let text = '';
  for (let seed = 7; text.length < NUMBER_UNITS;) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    text += String(seed).slice(0, 1 + ((seed >>> 20) % 6)) + SEPARATORS.charAt((seed >>> 26) % SEPARATORS.length);
  }
  return text;
}

const PIECES: readonly string[] = [
  `Sure, I can help with that! The short answer is that you should check your account settings first. Once you have logged
in, open the menu in the upper right corner and choose "Billing". There you will find every invoice since January, the
address we have on file, and the date of your next payment. If something looks wrong, please write to us within 30 days; we
usually reply the same day. Nobody else can see this page, and we never ask for your password by e-mail or telephone.`,
  `Let's think about why this happens. Each request goes through a queue, so a slow worker delays all others behind it.
Although adding more workers would help, it's cheaper to make the work smaller: group similar jobs, skip those whose
result is already known, and measure before you change anything else. I'd start with the following steps:

1. **Measure** how long a job waits, and how long it runs.
2. Find the ten slowest jobs of yesterday (most of them will look alike).
3. Ask whether their results were used at all...

However, keep in mind that averages hide what matters: look at the 99th percentile, too.`,
  `Our quarterly report shows that revenue grew by 12.5% to $4.2 million, while costs fell slightly - mainly because of lower
energy prices. The board expects further growth in Europe and Asia; a final decision will be taken on 15 March 2025.`,
  `\`\`\`js
export async function load(url, { retries = 3 } = {}) {
  for (let i = 0; i < retries; i++) {
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    if (response.ok) return await response.json(); // done
  }
  throw new Error(\`could not load \${url}\`);
}
\`\`\``,
  `def area(width: float, height: float) -> float:
    """Return the area of a rectangle."""
    return width * height

SELECT name, COUNT(*) AS orders FROM customers JOIN orders USING (customer_id) WHERE city = 'Oslo' GROUP BY name;`,
  `{"id": 1042, "name": "Ada", "tags": ["new", "priority"], "active": true, "score": 0.87, "parent": null}`,
  `| Plan | Price | Users |
| --- | ---: | --- |
| Basic | 9.99 | up to 5 |
| Team | 49.00 | up to 50 |

See https://www.example.org/docs/getting-started?lang=en#install or call 0800 123 456 between 9:00 and 17:30.`,
  `Question: Who wrote this novel, and when was it first published? Answer: It was written by a young author who lived near
the sea; the first edition came out in 1897, the translation about twenty years later. Key themes are memory, justice,
knowledge and the quiet life of the village. Very few copies survive.`,
  `Natürlich! Bitte überprüfen Sie zunächst Ihre Einstellungen; das dauert höchstens fünf Minuten. Größere Änderungen müssen
wir vorher freigeben.`,
  `Bien sûr ! Voici un résumé de la réunion d'hier : le projet avance, mais l'équipe a besoin de deux semaines de plus.`,
  `¡Claro que sí! Mañana por la mañana le enviaremos la información que pidió; si tiene más preguntas, escríbanos.`,
  `Конечно! Сначала проверьте настройки вашей учётной записи, затем повторите попытку.`,
  `当然可以。请先检查您的设置，然后再试一次。 もちろんです。設定を確認してから、もう一度お試しください。 물론입니다. 설정을 확인하세요.`,
  `بالطبع، يرجى التحقق من إعدادات حسابك أولاً. ज़रूर, पहले अपनी सेटिंग जाँच लें।`,
  `Great question 😊 Here’s a quick overview – it’s “simple” once you’ve seen it… Good luck! 🚀✅`,
];
