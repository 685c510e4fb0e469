// The documentation of the settings, printed from the schema: the README's table and the sample file. Knows no values.

import { variables } from './config-schema.js';
import type { Variable } from './config-schema.js';

const LINE_LENGTH = 110;

/** A Markdown table of all variables, without a trailing line break. */
export function formatConfigTable(): string {
  const rows = all().map(
    (one) => `| \`${one.name}\` | ${defaultOf(one)} | ${one.meaning} | ${escapeCell(one.allowed)} |`,
  );
  return ['| variable | default | meaning | allowed |', '|---|---|---|---|', ...rows].join('\n');
}

/** A sample environment file: every variable commented out, with its default, meaning and what is allowed. */
export function formatEnvExample(): string {
  const head = [
    '# Settings of Headstart. Uncomment what should differ; what is commented out shows the default.',
    '# Printed from backend/platform/config-schema.ts by `npm run config:table`; do not edit by hand.',
  ];
  const blocks = all().map((one) =>
    [
      '',
      ...wrap(`${sentence(one.meaning)}${one.defaultNote === undefined ? '' : ` Default: ${one.defaultNote}.`}`),
      ...wrap(`Allowed: ${one.allowed}.`),
      `#${one.name}=${one.default ?? ''}`,
    ].join('\n'),
  );
  return `${[...head, ...blocks].join('\n')}\n`;
}

function all(): readonly Variable<unknown>[] {
  return Object.values(variables);
}

function defaultOf(variable: Variable<unknown>): string {
  if (variable.defaultNote !== undefined) return variable.defaultNote;
  return variable.default === undefined ? '–' : `\`${variable.default}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LENGTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}
