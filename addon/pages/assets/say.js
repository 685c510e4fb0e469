// One line for news, shown to everybody for a moment and read out to who cannot see it.

const SHOWN_MS = 3000;
const live = document.getElementById('live');
let clearLater = 0;

export function say(text) {
  live.textContent = text;
  clearTimeout(clearLater);
  clearLater = setTimeout(() => (live.textContent = ''), SHOWN_MS);
}
