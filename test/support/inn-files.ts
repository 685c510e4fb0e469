// What a private INN finds in its folder: settings for loopback, large articles, no age limit. Text only.

import { join } from 'node:path';

interface InnFile {
  readonly path: string;
  readonly text: string;
  readonly isProgram?: boolean;
}

interface InnSettings {
  readonly groups: readonly string[];
  readonly feedPort: number;
  readonly account?: { readonly user: string; readonly password: string };
}

/** Folders to make, in order, and files to write. */
export function innFiles(
  home: string,
  settings: InnSettings,
): { readonly folders: readonly string[]; readonly files: readonly InnFile[] } {
  const spool = ['articles', 'overview', 'incoming', 'incoming/tmp', 'incoming/bad', 'outgoing', 'archive', 'innfeed'];
  const folders = [
    'etc',
    'etc/filter',
    'db',
    'log',
    'log/OLD',
    'run',
    'spool',
    ...spool.map((name) => `spool/${name}`),
  ];
  const active = ['control', 'control.cancel', 'junk', ...settings.groups].map(
    (name) => `${name} 0000000000 0000000001 y\n`,
  );
  const texts: readonly (readonly [string, string])[] = [
    ['etc/inn.conf', innConf(home, settings)],
    ['etc/storage.conf', 'method timehash {\n newsgroups: *\n class: 0\n}\n'],
    ['etc/incoming.conf', 'max-connections: 20\npeer ME {\n hostname: "127.0.0.1"\n streaming: true\n}\n'],
    ['etc/newsfeeds', 'ME:*::\n'],
    ['etc/expire.ctl', '/remember/:0\n*:A:never:never:never\n'],
    ['etc/control.ctl', 'all:*:*:drop\n'],
    ['etc/readers.conf', readersConf(home, settings)],
    ['db/active', active.join('')],
    ['db/newsgroups', ''],
    ['db/active.times', ''],
    ['db/history', ''],
  ];
  const files: InnFile[] = texts.map(([name, text]) => ({ path: join(home, name), text }));
  if (settings.account)
    files.push({ path: join(home, 'etc/check-login'), text: loginCheck(settings.account), isProgram: true });
  return { folders: folders.map((name) => join(home, name)), files };
}

function innConf(home: string, { feedPort }: InnSettings): string {
  const at = (name: string): string => join(home, name);
  const values: Readonly<Record<string, string | number>> = {
    domain: 'lab.example',
    pathhost: 'news.lab.example',
    fromhost: 'lab.example',
    organization: '"A lab"',
    mta: '"/bin/true %s"',
    mailcmd: '/bin/true',
    server: '127.0.0.1',
    bindaddress: '127.0.0.1',
    bindaddress6: 'none',
    port: feedPort,
    // Serves readers however busy the machine is.
    nnrpdloadlimit: 0,
    ovmethod: 'tradindexed',
    hismethod: 'hisv6',
    artcutoff: 0,
    maxartsize: 0,
    localmaxartsize: 0,
    wanttrash: 'true',
    doinnwatch: 'false',
    docnfsstat: 'false',
    rlimitnofile: 1000,
    status: 0,
    timer: 0,
    pathnews: '/usr/lib/news',
    pathdb: at('db'),
    pathetc: at('etc'),
    pathfilter: at('etc/filter'),
    pathlog: at('log'),
    pathrun: at('run'),
    pathtmp: at('spool/incoming/tmp'),
    pathspool: at('spool'),
    patharticles: at('spool/articles'),
    pathoverview: at('spool/overview'),
    pathincoming: at('spool/incoming'),
    pathoutgoing: at('spool/outgoing'),
    patharchive: at('spool/archive'),
    tlscafile: at('etc/ca.pem'),
    tlscertfile: at('etc/cert.pem'),
    tlskeyfile: at('etc/key.pem'),
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${String(value)}\n`)
    .join('');
}

function readersConf(home: string, { account }: InnSettings): string {
  const check = account ? ` auth: "${join(home, 'etc/check-login')}"\n` : ' default: "<anyone>"\n';
  return [
    `auth "lab" {\n hosts: "*"\n${check}}\n`,
    `access "lab" {\n users: "${account ? '*' : '<anyone>'}"\n newsgroups: "*"\n access: R\n}\n`,
  ].join('');
}

/** INN asks a program about a login: name and password on its input, `User:` and the name on its output for yes. */
function loginCheck({ user, password }: { readonly user: string; readonly password: string }): string {
  return [
    '#!/bin/sh',
    'while read -r line; do case "$line" in',
    `  "ClientAuthname: ${user}"*) name=yes ;;`,
    `  "ClientPassword: ${password}"*) pass=yes ;;`,
    'esac; done',
    `[ "$name$pass" = yesyes ] && printf 'User:%s\\r\\n' '${user}'`,
    '',
  ].join('\n');
}
