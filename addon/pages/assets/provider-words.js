// News servers in plain sentences: how one is doing, what a test found, what is wrong with what was filled in. Pure.
import { fieldWords } from './field-words.js';

const STATES = {
  idle: ['Idle', 'Nothing is open: it is dialled when it is needed.'],
  ok: ['Connected', ''],
  cooling: ['Unreachable', 'It could not be reached, and is tried again in a moment.'],
  auth: ['Login refused', 'It refuses the login: check user and password.'],
  limit: ['No connection free', 'It allows no connection: the account may be in use elsewhere.'],
  quota: ['Used up', 'The quota set for it is used up.'],
  twin: ['Not used', 'NNTP_PROVIDERS has the same account, which is used from there. Remove it here or there.'],
};
const STAGES = {
  dns: 'name',
  connect: 'connection',
  tls: 'TLS',
  greeting: 'greeting',
  login: 'login',
  stat: 'articles',
};
const HINTS = {
  dns: 'Check the name of the server.',
  connect: 'Check server and port, and whether this machine can reach them.',
  greeting: 'Check the port, and whether it wants TLS there.',
  login: 'Check user and password.',
};
/** Less is not worth a figure. */
const MIN_SPEED = 50_000;

export const { fieldOf, formSentence } = fieldWords({
  host: 'the server',
  port: 'the port',
  user: 'the user',
  password: 'the password',
  connections: 'the number of connections',
  priority: 'the priority',
  name: 'the name',
});

/** Null for the one that is usual, with or without TLS: it stays the usual one when TLS is turned on or off. */
export function ownPort({ isTls, port }) {
  return port === (isTls ? 563 : 119) ? null : port;
}

export function isWell({ state }) {
  return state === 'ok' || state === 'idle';
}

export function stateName({ state }) {
  return STATES[state]?.[0] ?? state;
}

/** How it is doing, in one or two sentences; none where all is well. */
export function stateSentence(provider) {
  const { lastError, state } = provider;
  const trouble = isWell(provider) ? '' : (lastError?.message ?? '');
  return [STATES[state]?.[1] ?? '', trouble].filter(Boolean).join(' ');
}

export function figures({ connections, host, port, settings, speedBytesPerSecond, tls }) {
  const { open, busy, limit } = connections;
  return [
    `${host}:${port}${tls ? ', TLS' : ', no TLS'}`,
    `priority ${settings.priority}`,
    `${open} of ${limit} connections open, ${busy} busy`,
    ...(speedBytesPerSecond >= MIN_SPEED ? [`${(speedBytesPerSecond / 1e6).toFixed(1)} MB/s`] : []),
  ].join(' · ');
}

/** What a test found: where it fails, why, and what to look at. */
export function findingSentence({ code, message, ok, stages }) {
  const passed = stages.filter((stage) => stage.ok).map(({ stage }) => STAGES[stage] ?? stage);
  if (ok) return `Everything is fine: ${passed.join(', ')}.`;
  const failed = stages.find((stage) => !stage.ok)?.stage;
  const where = failed === undefined ? '' : `It fails at this step: ${STAGES[failed] ?? failed}.`;
  // A server that is full has been reached as it should.
  const hint = code === 'PROVIDER_LIMIT' ? '' : (HINTS[failed] ?? '');
  return [where, message ?? 'It does not answer.', hint].filter(Boolean).join(' ');
}
