// Whatever came over the network reaches the document as text, never as markup.
export const $ = (id) => document.getElementById(id);

export function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Only a change is news for a screen reader. */
export function say(id, words) {
  if ($(id).textContent !== words) $(id).textContent = words;
}

export const post = (path, body = {}) =>
  fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Beside the colour, for those who do not see it. */
export const SIGNS = { ALLOW: '✓', BLOCK: '■', COOLDOWN: '◔', NO_OP: '–' };
