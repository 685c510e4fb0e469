// Who may import whom: the rooms in their order, their doors, no cycles. Type imports count like any other.
// A room imports only rooms that come after it in this list. The last two import no room, but that platform's errors are content's.
const rooms = [
  'api',
  'delivery',
  'discovery',
  'jobs',
  'engines',
  'archive',
  'media',
  'access',
  'storage',
  'naming',
  'content',
  'platform',
];
const engines = ['torrent', 'usenet', 'http', 'archived'];

// A second door of a room, where one face is not enough: `<room>/<file>.ts`, with who may use it.
const secondDoors = [];

// Decoders and decisions: bytes and values in, events and values out.
const pureFolders = [
  'backend/content/',
  'backend/naming/',
  'backend/engines/torrent/demand/',
  'backend/engines/torrent/metainfo',
  'backend/engines/usenet/nzb/',
  'backend/engines/usenet/yenc/',
  'backend/engines/usenet/nntp/codec',
  'manifest/',
];

const doors = ['backend/[^/]+/index\\.ts$', 'backend/engines/[^/]+/index\\.ts$', ...secondDoors];

const layerRules = rooms.map((room, position) => {
  const above = rooms.slice(0, position).filter((other) => !(room === 'platform' && other === 'content'));
  return {
    name: `layers: ${room}`,
    comment: `${room} imports only what lies below it`,
    severity: 'error',
    from: { path: `^backend/${room}/` },
    to: { path: above.map((other) => `^backend/${other}/`).concat('^backend/[^/]+\\.ts$') },
  };
});

const roomDoorRules = rooms
  .filter((room) => room !== 'engines')
  .map((room) => ({ folder: `backend/${room}/`, name: room }))
  .concat(engines.map((engine) => ({ folder: `backend/engines/${engine}/`, name: engine })))
  .flatMap(({ folder, name }) => [
    {
      name: `door: ${name}`,
      comment: `outside ${name} only its index.ts (or a named second door) is imported`,
      severity: 'error',
      from: { pathNot: [`^${folder}`, '^test/'] },
      to: { path: `^${folder}`, pathNot: doors },
    },
    {
      name: `own index: ${name}`,
      comment: 'a file never imports the door of its own room',
      severity: 'error',
      from: { path: `^${folder}` },
      to: { path: `^${folder}index\\.ts$` },
    },
  ]);

const engineRules = engines.map((engine) => ({
  name: `engines: ${engine}`,
  comment: 'engines do not know each other',
  severity: 'error',
  from: { path: `^backend/engines/${engine}/` },
  to: { path: engines.filter((other) => other !== engine).map((other) => `^backend/engines/${other}/`) },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...roomDoorRules,
    ...engineRules,
    {
      name: 'no cycles',
      comment: 'type imports included',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'backend below addon',
      severity: 'error',
      from: { path: '^backend/' },
      to: { path: '^(addon|scripts|test)/' },
    },
    {
      name: 'content imports nothing',
      severity: 'error',
      from: { path: '^backend/content/' },
      to: { pathNot: '^backend/content/' },
    },
    {
      name: 'manifest is pure',
      comment: 'a manifest, a logo, a grammar: libraries of values at most',
      severity: 'error',
      from: { path: '^manifest/' },
      to: { path: '^(addon|backend|scripts|test)/' },
    },
    {
      name: 'pure folders touch nothing',
      comment: 'no node: module but hashing',
      severity: 'error',
      from: { path: pureFolders.map((folder) => `^${folder}`) },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'only what is declared',
      comment: 'a shipped file imports no development or undeclared package',
      severity: 'error',
      from: { path: '^(addon|backend|manifest)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
