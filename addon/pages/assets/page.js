// Copies what a button points at, and says so. Everything else on the pages works without a script.
(() => {
  const live = document.getElementById('live');
  let clearLater = 0;

  /** Shown to everybody, read out to who cannot see it. */
  function say(text) {
    live.textContent = text;
    clearTimeout(clearLater);
    clearLater = setTimeout(() => (live.textContent = ''), 3000);
  }

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
    button.addEventListener('click', async () => {
      const field = document.getElementById(button.dataset.copy);
      const isCopied = await copy(field);
      say(isCopied ? 'Address copied' : 'Copy it by hand: the address is selected');
      if (!isCopied) return;
      button.textContent = 'Copied';
      button.classList.add('done');
      setTimeout(() => {
        button.textContent = label;
        button.classList.remove('done');
      }, 2000);
    });
  }

  for (const field of document.querySelectorAll('input[readonly]'))
    field.addEventListener('focus', () => field.select());
})();
