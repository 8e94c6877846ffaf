// The decisions: one row for each message, its decisions folded inside, each audit id a click away from its
// explanation.
import { $, el, SIGNS } from './dom.js';

const STRICTNESS = { NO_OP: 0, ALLOW: 1, COOLDOWN: 2, BLOCK: 3 };
const ROWS = 100;

/** `onRule` is called with the id of a rule that fired. */
export function decisionFeed({ onRule }) {
  const rows = new Map();
  const times = [];
  let lastSeq = 0;

  function add(decision) {
    if (decision.seq <= lastSeq) return;
    lastSeq = decision.seq;
    $('empty').hidden = true;
    const row = rows.get(decision.interactionId) ?? begin(decision);
    row.decisions.push(decision);
    row.steps.append(step(decision));
    head(row);
    if (decision.ruleId) onRule(decision.ruleId);
    count(decision);
  }

  function begin({ interactionId }) {
    const item = el('li');
    const details = item.appendChild(el('details'));
    const summary = details.appendChild(el('summary'));
    const steps = details.appendChild(el('ol', 'steps'));
    const row = { item, details, summary, steps, decisions: [] };
    rows.set(interactionId, row);
    $('feed').prepend(item);
    if (rows.size > ROWS) {
      const [oldest] = rows.keys();
      rows.get(oldest).item.remove();
      rows.delete(oldest);
    }
    return row;
  }

  /** What became of the message: its strictest decision, masks before mere permission. */
  function head({ item, summary, decisions }) {
    const weight = ({ outcome, edits }) => STRICTNESS[outcome] + (edits > 0 ? 0.5 : 0);
    const most = decisions.reduce((a, b) => (weight(b) > weight(a) ? b : a));
    item.className = most.outcome;
    const total = decisions.reduce((sum, { durationUs }) => sum + durationUs, 0);
    const where = most.stage + (most.tool ? ' · ' + most.tool : '');
    summary.replaceChildren(
      outcomeOf(most),
      el('span', 'reason', most.reason),
      el('span', '', where),
      el(
        'span',
        'us',
        decisions.length + (decisions.length === 1 ? ' decision, ' : ' decisions, ') + microseconds(total),
      ),
    );
  }

  function step(decision) {
    const item = el('li', decision.outcome);
    const words = [decision.stage, decision.tool, decision.point].filter(Boolean).join(' · ');
    item.append(outcomeOf(decision), el('span', 'reason', decision.reason), el('span', '', words));
    if (decision.ruleId) item.append(el('span', '', 'rule ' + decision.ruleId));
    if (decision.edits) item.append(el('span', '', decision.edits + (decision.edits === 1 ? ' mask' : ' masks')));
    if (decision.retryAfterMs) item.append(el('span', '', 'wait ' + Math.ceil(decision.retryAfterMs / 1000) + ' s'));
    item.append(el('span', 'us', microseconds(decision.durationUs)));
    const why = el('button', 'why', decision.auditId);
    why.type = 'button';
    why.addEventListener('click', () => explain(item, decision.auditId));
    item.append(why);
    item.dataset.audit = decision.auditId;
    return item;
  }

  function count({ durationUs }) {
    const all = [...rows.values()];
    const is = (test) => all.filter(({ decisions }) => decisions.some(test)).length;
    $('count').textContent = all.length;
    $('stopped').textContent = is(({ outcome }) => outcome === 'BLOCK' || outcome === 'COOLDOWN');
    $('redacted').textContent = is(({ outcome, edits }) => outcome === 'ALLOW' && edits > 0);
    times.push(durationUs);
    if (times.length > 500) times.shift();
    $('median').textContent = Math.round(times.toSorted((a, b) => a - b)[times.length >> 1]);
  }

  /** Opens the row of a decision, and says why it was made. */
  async function show(auditId) {
    const item = $('feed').querySelector(`[data-audit="${CSS.escape(auditId)}"]`);
    if (!item) return;
    item.closest('details').open = true;
    if (!item.querySelector('pre')) await explain(item, auditId);
    item.scrollIntoView({ block: 'nearest' });
  }

  const source = new EventSource('/api/operator/decisions');
  source.addEventListener('message', (event) => add(JSON.parse(event.data)));
  source.addEventListener('open', () => ($('link').textContent = 'live'));
  source.addEventListener('error', () => ($('link').textContent = 'reconnecting'));
  return { show };
}

async function explain(item, auditId) {
  const shown = item.querySelector('pre');
  if (shown) return shown.remove();
  const response = await fetch('/api/operator/explain/' + encodeURIComponent(auditId));
  item.append(el('pre', '', response.ok ? await response.text() : (await response.json()).detail));
}

function outcomeOf({ outcome, edits }) {
  const words = outcome === 'ALLOW' && edits > 0 ? 'ALLOW, masked' : outcome;
  return el('span', 'outcome', (SIGNS[outcome] ?? '') + ' ' + words);
}

function microseconds(us) {
  return (us < 10 ? us.toFixed(1) : Math.round(us).toLocaleString('en')) + ' µs';
}
