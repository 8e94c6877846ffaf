// One conversation with one of the two routes: sends a message, draws the answer as its chunks arrive.
import { el, SIGNS } from './dom.js';

/** Reasons in words for people. Others are told as the server tells them. */
const HALTED = 'The operator has halted this assistant. Nothing is answered until it is resumed.';

/** `onCooldown` is called with the seconds, `onWhy` with an audit id that somebody wants explained. */
export function conversation({ log, path, onCooldown, onWhy, leaks = [] }) {
  const history = [];

  const scroll = () => (log.scrollTop = log.scrollHeight);

  function addTurn(role) {
    const turn = log.appendChild(el('div', 'turn ' + role));
    turn.append(el('span', 'unseen', role === 'user' ? 'You:' : 'Assistant:'));
    scroll();
    return turn;
  }

  /** `judged`: the way in which a judge reads the answer, which has an address of its own. */
  async function send(text, signal, judged) {
    const question = { role: 'user', parts: [{ type: 'text', text }] };
    addTurn('user').append(el('div', 'bubble', text));
    const view = answerView(addTurn('assistant'), { onWhy, scroll, leaks });
    try {
      const response = await fetch(judged ? path + '/' + judged : path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [...history.slice(-40), question] }),
        signal,
      });
      if (!response.ok) {
        const seconds = Number(response.headers.get('retry-after'));
        view.refused(response.status, await response.json());
        if (response.status === 429) onCooldown?.(seconds);
        return;
      }
      for await (const chunk of chunks(response.body)) view.take(chunk);
      // What was refused is not asked again with every later message.
      if (view.text) history.push(question, { role: 'assistant', parts: [{ type: 'text', text: view.text }] });
    } catch (error) {
      view.note(signal.aborted ? 'You stopped the answer.' : 'The connection broke: ' + error.message);
    } finally {
      view.done();
    }
  }
  return { send };
}

async function* chunks(body) {
  let buffer = '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    buffer += piece.value;
    const events = buffer.split('\n\n');
    buffer = events.pop();
    for (const event of events) if (event.startsWith('data: {')) yield JSON.parse(event.slice(6));
  }
}

/** Draws one answer. */
function answerView(turn, { onWhy, scroll, leaks }) {
  const blocks = new Map();
  const tools = new Map();
  const held = el('span', 'held');
  held.setAttribute('aria-hidden', 'true');
  turn.classList.add('writing');

  function stopped({ reason, auditId }, kind = 'stopped') {
    const box = turn.appendChild(el('div', reason === 'HALTED' ? 'stopped halt' : kind, SIGNS.BLOCK));
    const node = box.appendChild(el('span', '', reason === 'HALTED' ? HALTED : ''));
    box.append(el('code', '', reason));
    if (auditId) box.append(whyButton(auditId, onWhy));
    return { node, text: '', notice: true, fixed: reason === 'HALTED' };
  }

  const view = {
    text: '',
    take(chunk) {
      const { type, id, toolCallId } = chunk;
      if (type === 'text-start') {
        const said = chunk.providerMetadata?.flyball;
        blocks.set(id, said ? stopped(said) : { node: turn.appendChild(el('div', 'bubble')), text: '' });
      } else if (type === 'reasoning-start') {
        blocks.set(id, { node: turn.appendChild(el('div', 'thoughts')), text: '' });
      } else if (type === 'text-delta' || type === 'reasoning-delta') {
        const block = blocks.get(id);
        block.text += chunk.delta;
        if (!block.fixed) draw(block, leaks);
        if (type === 'text-delta' && !block.notice) view.text += chunk.delta;
      } else if (type === 'data-held') {
        showHeld(chunk.data);
      } else if (type === 'tool-input-available') {
        tools.set(toolCallId, turn.appendChild(el('div', 'tool', callOf(chunk))));
      } else if (type === 'tool-input-error') {
        // A call that was stopped is one whose input could not be read, to the SDK.
        const box = turn.appendChild(el('div', 'stopped', SIGNS.BLOCK));
        box.append(el('span', '', callOf(chunk) + ' was not run'));
        if (chunk.input?.auditId) box.append(whyButton(chunk.input.auditId, onWhy));
      } else if (type === 'tool-output-available') {
        const box = tools.get(toolCallId);
        box?.append(' → ' + JSON.stringify(chunk.output));
        box?.classList.add('ran');
      } else if (type === 'tool-output-error' || type === 'tool-output-denied') {
        const box = tools.get(toolCallId);
        if (!box) return;
        box.className = 'stopped';
        box.replaceChildren(SIGNS.BLOCK, el('span', '', box.textContent + ' was not run'));
      } else if (type === 'data-governance') {
        // The response was stopped before the model's own gate could say so.
        const box = stopped(chunk.data);
        if (!box.fixed) draw({ ...box, text: chunk.data.detail }, []);
      } else if (type === 'error') {
        view.note(chunk.errorText);
      }
      scroll();
    },
    refused(status, problem) {
      const wait = status === 429;
      const halted = problem.reason === 'HALTED';
      const box = turn.appendChild(el('div', halted ? 'stopped halt' : wait ? 'stopped wait' : 'stopped'));
      box.append(wait ? SIGNS.COOLDOWN : SIGNS.BLOCK, el('span', '', halted ? HALTED : problem.detail));
      if (problem.reason) box.append(el('code', '', problem.reason));
      if (problem.auditId) box.append(whyButton(problem.auditId, onWhy));
    },
    note(text) {
      turn.append(el('div', 'tool', text));
    },
    done() {
      turn.classList.remove('writing');
      held.remove();
      for (const { node, text, notice } of blocks.values()) if (!text && !notice) node.remove();
      scroll();
    },
  };

  /** A bar as long as what is held back: it could still become part of something forbidden. */
  function showHeld(bar) {
    if (!bar) return held.remove();
    const last = [...blocks.values()].findLast(({ notice }) => !notice);
    held.replaceChildren(bar, el('small', '', bar.length + ' held'));
    (last?.node ?? turn).append(held);
  }
  return view;
}

function callOf({ toolName, input }) {
  return toolName + ' ' + (input?.flyball === 'withheld' ? '(arguments withheld)' : JSON.stringify(input));
}

function whyButton(auditId, onWhy) {
  const button = el('button', 'why', 'why?');
  button.type = 'button';
  button.title = auditId;
  button.addEventListener('click', () => onWhy(auditId));
  return button;
}

/** Text with its masks set off; on the left, what should not be there. */
function draw({ node, text }, leaks) {
  const marked = [String.raw`\[[A-Z][A-Z ]+\]`, ...leaks].join('|');
  const parts = text.split(new RegExp(`(${marked})`));
  const nodes = parts.map((part, n) => (n % 2 ? el('mark', part.startsWith('[') ? '' : 'leak', part) : part));
  const held = node.querySelector('.held');
  node.replaceChildren(...nodes, ...(held ? [held] : []));
}
