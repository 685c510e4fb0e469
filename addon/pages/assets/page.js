// Copies what a button points at, and says so.
import { say } from './say.js';

const DONE_MS = 2000;

/** The clipboard needs https or this machine; elsewhere the old way still works. */
async function copy(field) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // Refused: fall through to the selection.
    }
  }
  field.focus();
  field.select();
  return document.execCommand('copy');
}

for (const button of document.querySelectorAll('[data-copy]')) {
  const label = button.textContent;
  const { what } = button.dataset;
  button.addEventListener('click', async () => {
    const isCopied = await copy(document.getElementById(button.dataset.copy));
    say(isCopied ? `${what} copied` : `Copy it by hand: the ${what.toLowerCase()} is selected`);
    if (!isCopied) return;
    button.textContent = 'Copied';
    button.classList.add('done');
    setTimeout(() => {
      button.textContent = label;
      button.classList.remove('done');
    }, DONE_MS);
  });
}

for (const field of document.querySelectorAll('input[readonly]')) field.addEventListener('focus', () => field.select());
