// A new WebDAV password: made after a question, shown once.
import { call } from './calls.js';
import { sayFinding, whileBusy } from './rows.js';

const byId = (id) => document.getElementById(id);

const place = byId('webdav-password');
if (place !== null) {
  const [renewButton, confirm, yes, no] = ['password', 'confirm', 'yes', 'no'].map((name) => byId(`renew-${name}`));
  const ask = (isAsking) => {
    renewButton.hidden = isAsking;
    confirm.hidden = !isAsking;
    (isAsking ? no : renewButton).focus();
  };
  renewButton.addEventListener('click', () => ask(true));
  no.addEventListener('click', () => ask(false));
  yes.addEventListener('click', () => void renew(yes, byId('renew-said'), place.dataset.url).then(() => ask(false)));
  confirm.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') ask(false);
  });
}

function renew(button, said, url) {
  return whileBusy(button, said, async () => {
    const { password } = await call(url, { method: 'POST', body: {} });
    sayFinding(said, `The new WebDAV password: ${password}`, true);
  });
}
