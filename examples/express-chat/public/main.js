// The page: one message goes to both conversations; the policy and the decisions stand beside them.
import { conversation } from './chat.js';
import { decisionFeed } from './decisions.js';
import { $, el, post, say } from './dom.js';
import { policyEditor } from './policy.js';

const editor = policyEditor();
const feed = decisionFeed({ onRule: (ruleId) => editor.mark(ruleId) });

function explain(auditId) {
  showTab('decisions');
  void feed.show(auditId);
}

/* The two conversations */

let running;
let coolUntil = 0;
let without;
let governed;

/** `judged`: the way in which a judge reads the governed answer, where one does. */
async function send(text, judged) {
  running = new AbortController();
  show();
  for (const words of document.querySelectorAll('.welcome')) words.remove();
  await Promise.all([without.send(text, running.signal), governed.send(text, running.signal, judged)]);
  running = undefined;
  show();
}

function begin(leaks) {
  without = conversation({ log: $('bare-log'), path: '/api/bare', leaks });
  governed = conversation({ log: $('log'), path: '/api/chat', onCooldown: coolDown, onWhy: explain });
}

/* The cooldown: for this visitor, and there are others */

function coolDown(seconds) {
  coolUntil = Date.now() + seconds * 1000;
  $('cooldown-bar').max = seconds;
  $('cooldown-text').textContent = 'Cooling down. You can write again in ' + seconds + ' seconds.';
  tick();
}

function tick() {
  const left = Math.max(0, coolUntil - Date.now()) / 1000;
  $('cooldown').hidden = left === 0;
  $('cooldown-bar').value = left;
  $('cooldown-left').textContent = Math.ceil(left) + ' s';
  show();
  if (left > 0) setTimeout(tick, 250);
}

async function renew() {
  const response = await post('/api/chat/visitor');
  if (!response.ok) return;
  coolUntil = 0;
  tick();
  say('visitor', 'as a new visitor');
  $('text').focus();
}
$('renew').addEventListener('click', () => void renew());

function show() {
  const busy = running !== undefined;
  const cooling = Date.now() < coolUntil;
  document.body.classList.toggle('turning', busy);
  $('send').textContent = busy ? 'Stop' : 'Send';
  $('send').disabled = !busy && cooling;
  $('text').disabled = cooling;
  for (const button of $('attacks').querySelectorAll('button')) button.disabled = busy || cooling;
}

/* What to try */

async function loadAttacks() {
  const { attacks, leaks } = await (await fetch('/api/attacks')).json();
  begin(leaks);
  for (const { id, label, tried, messages, judged } of attacks) {
    if (messages.length === 0) continue;
    const button = el('button', '', label);
    button.title = tried;
    button.type = 'button';
    button.addEventListener('click', () => void tryOut(id, messages, judged));
    $('attacks').appendChild(el('li')).append(button);
  }
  show();
}

async function tryOut(id, messages, judged) {
  if (id === 'halt') $('halt').classList.add('calling');
  for (const message of messages) await send(message, judged);
  $('halt').classList.remove('calling');
}

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (running) return running.abort();
  const text = $('text').value.trim();
  if (!text) return;
  $('text').value = '';
  void send(text);
});
$('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!running) $('form').requestSubmit();
});

/* The operator */

async function operate(action) {
  await post('/api/operator/' + action);
  await loadState();
}

async function loadState() {
  const response = await fetch('/api/operator/state').catch(() => undefined);
  if (!response?.ok) return say('state', 'not connected');
  const { halted, tenant, policies } = await response.json();
  document.body.classList.toggle('halted', halted);
  say('state', tenant + (halted ? ' is halted' : ' is running'));
  editor.running(policies);
  $('halt').disabled = halted;
  $('resume').disabled = !halted;
}

$('halt').addEventListener('click', () => void operate('halt'));
$('resume').addEventListener('click', () => void operate('resume'));

/* Views, where there is room for one */

function showTab(name) {
  document.body.dataset.tab = name;
  for (const tab of document.querySelectorAll('[role=tab]'))
    tab.setAttribute('aria-selected', tab.dataset.tab === name);
}
for (const tab of document.querySelectorAll('[role=tab]'))
  tab.addEventListener('click', () => showTab(tab.dataset.tab));

void loadAttacks();
void loadState();
setInterval(() => void loadState(), 2000);
$('text').focus();
