// A new WebDAV password, shown once.
import { call } from './calls.js';

const place = document.getElementById('webdav-password');
if (place !== null) {
  const button = document.getElementById('renew-password');
  const said = document.getElementById('new-password');
  button.addEventListener('click', () => void renew(button, said, place.dataset.url));
}

async function renew(button, said, url) {
  button.disabled = true;
  said.textContent = '…';
  try {
    const { password } = await call(url, { method: 'POST', body: {} });
    said.textContent = password;
  } catch (error) {
    said.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}
