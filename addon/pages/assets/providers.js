// The news servers: shows how each is doing, and tests one.
import { call, keepLooking } from './calls.js';
import { part, Rows, sayFinding, setText, whileBusy } from './rows.js';

const REFRESH_MS = 5_000;
const STATES = {
  idle: ['Idle', 'Nothing is open: it is dialled when it is needed.'],
  ok: ['Connected', ''],
  cooling: ['Unreachable', 'It could not be reached, and is tried again in a moment.'],
  auth: ['Login refused', 'It refuses the login. Check user and password in NNTP_PROVIDERS.'],
  limit: ['No connection free', 'It allows no connection: the account may be in use elsewhere.'],
  quota: ['Used up', 'The quota set for it is used up.'],
};
const STAGES = {
  dns: 'name',
  connect: 'connection',
  tls: 'TLS',
  greeting: 'greeting',
  login: 'login',
  stat: 'articles',
};
const byId = (id) => document.getElementById(id);
const { url } = byId('news-servers').dataset;
const rows = new Rows({ list: byId('provider-list'), template: byId('provider-row'), create: wire });

keepLooking(show, REFRESH_MS);

async function show() {
  try {
    const { providers } = await call(url);
    rows.show(providers, update);
    byId('providers-empty').hidden = providers.length > 0;
    setText(byId('providers-problem'), '');
  } catch (error) {
    setText(byId('providers-problem'), error.message);
  }
}

function update(row, { id, host, port, tls, state, connections, speedBytesPerSecond, lastError }) {
  const [name, sentence] = STATES[state] ?? [state, ''];
  const isWell = state === 'ok' || state === 'idle';
  setText(part(row, 'name'), id);
  setText(part(row, 'state'), name);
  part(row, 'state').dataset.state = isWell ? state : 'failing';
  setText(part(row, 'sentence'), [sentence, isWell ? '' : (lastError?.message ?? '')].filter(Boolean).join(' '));
  const { open, busy, limit } = connections;
  const speed = speedBytesPerSecond >= 50_000 ? ` · ${(speedBytesPerSecond / 1e6).toFixed(1)} MB/s` : '';
  setText(
    part(row, 'figures'),
    `${host}:${port}${tls ? ', TLS' : ', no TLS'} · ${open} of ${limit} connections open, ${busy} busy${speed}`,
  );
  row.querySelector('[data-act="test"]').setAttribute('aria-label', `Test: ${id}`);
}

function wire(row, id) {
  const button = row.querySelector('[data-act="test"]');
  button.addEventListener('click', () => void test(row, id, button));
}

async function test(row, id, button) {
  const said = part(row, 'said');
  await whileBusy(button, said, async () => {
    const findings = await call(`${url}/${encodeURIComponent(id)}/test`, { method: 'POST', body: {} });
    sayFinding(said, findingSentence(findings), findings.ok);
    await show();
  });
}

function findingSentence({ ok, message, stages }) {
  const passed = stages.filter((stage) => stage.ok).map(({ stage }) => STAGES[stage] ?? stage);
  if (ok) return `Everything is fine: ${passed.join(', ')}.`;
  const failed = stages.find((stage) => !stage.ok);
  const where = failed === undefined ? '' : `It fails at this step: ${STAGES[failed.stage] ?? failed.stage}. `;
  return where + (message ?? 'It does not answer.');
}
