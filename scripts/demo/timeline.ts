// What the demo prints: one line per event with the time it happened, and a progress bar where there is a terminal.

const barWidth = 30;

/** Prints to standard output; a bar is redrawn in place on a terminal and left out elsewhere. */
export class Timeline {
  private readonly started = performance.now();
  private hasBar = false;

  /** Seconds since the beginning. */
  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /** One line: what happened, and when. */
  tell(what: string): void {
    this.clearBar();
    process.stdout.write(`${this.seconds.toFixed(2).padStart(6)} s  ${what}\n`);
  }

  /** Redraws the bar; `fraction` is 0..1. Without a terminal every tenth is a line. */
  showBar(fraction: number, label: string): void {
    const filled = Math.round(Math.min(1, fraction) * barWidth);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
    const line = `          ${bar} ${Math.floor(fraction * 100)
      .toString()
      .padStart(3)} %  ${label}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}\u001b[K`);
    else if (line !== this.lastLine) process.stdout.write(`${line}\n`);
    this.lastLine = line;
    this.hasBar = process.stdout.isTTY;
  }

  private lastLine = '';

  private clearBar(): void {
    if (this.hasBar) process.stdout.write('\r\u001b[K');
    this.hasBar = false;
  }
}
