// The policy beside the chat: the rule that fired is marked, changes are checked while they are written, and saved to
// the file that the governor watches.
import { $, el, post, say } from './dom.js';

const CHECK_AFTER_MS = 400;

export function policyEditor() {
  const field = $('yaml');
  let saved = '';
  let original = '';
  let fired;
  let problems = [];
  let checking;

  async function load() {
    const response = await fetch('/api/policy');
    if (!response.ok) return;
    const policy = await response.json();
    ({ text: saved, original } = policy);
    field.value = saved;
    $('save').title = 'Writes ' + policy.file;
    draw();
  }

  /** Line by line, with the lines of the rule that fired and those that are wrong. */
  function draw() {
    const lines = field.value.split('\n');
    const rule = rangeOf(lines, fired);
    const wrong = new Set(problems.map(({ line }) => line - 1));
    $('marks').replaceChildren(
      ...lines.map((line, n) => {
        const kind = wrong.has(n) ? 'wrong' : n >= rule.from && n < rule.to ? 'fired' : '';
        return el('span', kind, line);
      }),
    );
    // The field is as large as the text behind it, so that one box scrolls both.
    field.style.width = $('marks').scrollWidth + 'px';
    field.style.height = $('marks').offsetHeight + 'px';
    $('problems').replaceChildren(...problems.map(problemItem));
    const changed = field.value !== saved;
    $('save').disabled = !changed || problems.length > 0;
    $('restore').disabled = field.value === original;
  }

  function problemItem({ line, column, message }) {
    const item = el('li');
    const button = item.appendChild(el('button', '', line + ':' + column + ' ' + message));
    button.type = 'button';
    button.addEventListener('click', () => {
      const before = field.value.split('\n').slice(0, line - 1);
      const at = before.join('\n').length + (line > 1 ? 1 : 0) + column - 1;
      field.focus();
      field.setSelectionRange(at, at);
      reveal(line - 1);
    });
    return item;
  }

  function reveal(line) {
    $('marks').children[line]?.scrollIntoView({ block: 'nearest' });
  }

  async function check() {
    const text = field.value;
    const response = await post('/api/policy/check', { text });
    if (!response.ok || text !== field.value) return;
    ({ problems } = await response.json());
    draw();
  }

  async function save() {
    const text = field.value;
    $('save').disabled = true;
    const response = await post('/api/policy', { text });
    const body = await response.json();
    problems = body.problems ?? [{ line: 1, column: 1, message: body.detail }];
    if (response.ok) saved = text;
    draw();
    return response.ok;
  }

  field.addEventListener('input', () => {
    problems = [];
    draw();
    clearTimeout(checking);
    checking = setTimeout(() => void check(), CHECK_AFTER_MS);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!$('save').disabled) void save();
    }
  });
  $('save').addEventListener('click', () => void save());
  $('restore').addEventListener('click', () => {
    field.value = original;
    problems = [];
    draw();
    void save();
  });
  void load();

  return {
    /** Marks the lines of a rule, and brings them into view unless somebody is writing. */
    mark(ruleId) {
      fired = ruleId;
      draw();
      if (document.activeElement !== field) reveal(rangeOf(field.value.split('\n'), ruleId).from);
    },
    /** The version that runs, in the words of the governor. */
    running(policies) {
      const words = ({ id, version, behaviorVersion }) => id + ' ' + version + ' · ' + behaviorVersion.slice(0, 12);
      say('policy', policies.slice(0, 1).map(words).join('; '));
    },
  };
}

/** From the line that names the id to the next entry or section. */
function rangeOf(lines, id) {
  if (id === undefined) return { from: -1, to: -1 };
  const from = lines.findIndex((line) =>
    new RegExp(`^\\s*- (?:\\{ )?id: ['"]?${id.replaceAll(/[^\w-]/g, '.')}['"]?(?:[ ,}]|$)`).test(line),
  );
  if (from < 0) return { from: -1, to: -1 };
  const next = lines.findIndex((line, n) => n > from && /^(?:\s*- |\S|\s*$)/.test(line));
  return { from, to: next < 0 ? lines.length : next };
}
