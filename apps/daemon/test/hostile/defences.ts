import type { Place, Promised } from './row.js';

/** Exports of a module that others take the place of, as `with-sources.ts` is told. */
export interface Removal {
  /** From the repository's root. */
  readonly module: string;
  /** By name, the expression that is exported in its place; in it `was` is what stood there. */
  readonly exports: Readonly<Record<string, string>>;
}

/** How the tests take a defence away, and what falls then. */
export interface Proof {
  readonly exports: (place: Place) => Readonly<Record<string, string>>;
  /** What else stands in the row's way, and goes too. */
  readonly beside?: readonly Removal[];
  /** A row that names this defence. */
  readonly row: string;
  /** What of it breaks at least. */
  readonly breaks: readonly Promised[];
  /** `off` where the sandbox would hold the row by itself. */
  readonly mode?: 'off';
}

/** Something that stands in the way of attacks. */
export interface Defence {
  /** For people. */
  readonly what: string;
  /** The file that holds it, from the repository's root. Null: nothing of Baton's does. */
  readonly module: string | null;
  /** Or why there is nothing to take away. */
  readonly proof: Proof | string;
}

/** Else `required` would refuse to run anything in a sandbox that was opened. */
const unnoticed: Removal = {
  module: 'packages/sandbox/src/measure.ts',
  exports: {
    measure:
      '() => ({ usable: true, complete: true, report: { files: "enforced", network: "enforced", processes: "enforced", memory: "enforced", detail: "" } })',
  },
};

const withoutArguments = (...names: string[]): string =>
  `(request) => was(request).filter((each, at, all) => !${JSON.stringify(names)}.includes(each))`;

const everyHost: Removal = {
  module: 'packages/sandbox/src/allowed-hosts.ts',
  exports: { createAllowedHosts: '() => ({ includes: () => true })' },
};
const everyAddress: Removal = {
  module: 'packages/sandbox/src/internal-address.ts',
  exports: { isInternalAddress: '() => false' },
};

const passing = (id: string): string =>
  `() => ({ spec: 'gate/1', id: '${id}', check: async () => ({ verdict: 'pass', checks: [] }) })`;

/** Everything that the rows name. */
export const defences = {
  'who-may': {
    what: 'Whoever sets work going must have write permission; bots must be listed; Baton never answers itself',
    module: 'packages/engine/src/eligibility.ts',
    proof: {
      exports: () => ({
        judge:
          '(facts, rules) => was({ ...facts, permission: "admin", brief: facts.brief && { ...facts.brief, trigger: { ...facts.brief.trigger, actor: { id: "x", login: "x", kind: "person" } } } }, rules)',
      }),
      beside: [{ module: 'packages/engine/src/trust.ts', exports: { isTrusted: '() => true' } }],
      row: 'stranger-sets-work-going',
      breaks: ['ending', 'branch'],
    },
  },
  'told-comments': {
    what: 'Comments of people without permission are dropped, not quoted',
    module: 'packages/engine/src/read-facts.ts',
    proof: {
      exports: () => ({
        readFacts:
          'async (sources, subject, options) => ({ ...(await was(sources, subject, options)), brief: await sources.project.source.brief(subject.issueId, sources.project.query, options) })',
      }),
      row: 'stranger-comments',
      breaks: ['prompt'],
    },
  },
  'hidden-text': {
    what: 'What a reader of the page doesn’t see is taken out of what the agent is told; this lowers noise, it is no boundary',
    module: 'packages/engine/src/untrusted-text.ts',
    proof: {
      exports: () => ({ stripHidden: '(text) => text' }),
      row: 'hidden-comment',
      breaks: ['prompt'],
    },
  },
  'random-fence': {
    what: 'The issue’s text stands in a fence with a name that nobody can guess',
    module: 'packages/engine/src/render-prompt.ts',
    proof: {
      exports: () => ({ renderPrompt: '(job, intent, agent) => was(job, { ...intent, nonce: "issue" }, agent)' }),
      row: 'out-of-the-fence',
      breaks: ['prompt'],
    },
  },
  'inert-claims': {
    what: 'An agent’s words are quoted so that they do nothing where they are read',
    module: 'packages/engine/src/untrusted-text.ts',
    proof: {
      exports: () => ({ quoteClaim: '(text) => text' }),
      row: 'agent-mentions-and-closes',
      breaks: ['pull-request'],
    },
  },
  'inert-titles': {
    what: 'A title does nothing as the subject of a commit and of a pull request',
    module: 'packages/engine/src/untrusted-text.ts',
    proof: {
      exports: () => ({ titleLine: '(text) => text' }),
      row: 'title-commands-the-host',
      breaks: ['pull-request'],
    },
  },
  'no-shell': {
    what: 'Programs are started with arrays of arguments; no text of an issue or an agent becomes part of a command line',
    module: 'packages/git-worktree/src/git.ts',
    proof: 'There is no shell in the daemon that could be put back by replacing a part.',
  },
  'escaped-lines': {
    what: 'Control characters are spelt out wherever text is shown',
    module: 'apps/daemon/src/render/escape-control.ts',
    proof: {
      exports: () => ({ escapeLine: '(text) => text', escapeText: '(text) => text' }),
      row: 'terminal-in-agents-words',
      breaks: ['printed'],
    },
  },
  'empty-environment': {
    what: 'The environment inside is built from nothing',
    module: 'packages/sandbox/src/minimal-environment.ts',
    proof: {
      exports: () => ({ minimalEnvironment: '(place) => ({ ...process.env, ...was(place) })' }),
      row: 'own-environment',
      breaks: ['ending', 'branch'],
    },
  },
  'own-processes': {
    what: 'A command sees its own processes alone, and all of them end with it',
    module: 'packages/sandbox/src/bubblewrap-arguments.ts',
    proof: {
      exports: () => ({ bubblewrapArguments: withoutArguments('--unshare-pid') }),
      beside: [unnoticed],
      row: 'kill-the-daemon',
      breaks: ['daemon'],
    },
  },
  'listed-files': {
    what: 'Inside, only what is listed is there; only the checkout can be written',
    module: 'packages/sandbox/src/mount-plan.ts',
    proof: {
      exports: ({ path }) => ({
        planMounts: `(policy) => was({ ...policy, writable: [...policy.writable, ${JSON.stringify(path)}] })`,
      }),
      beside: [unnoticed],
      row: 'home-of-the-daemon',
      breaks: ['branch', 'canary'],
    },
  },
  'covered-sockets': {
    what: 'Sockets of the host are covered in what may be read',
    module: 'packages/sandbox/src/find-sockets.ts',
    proof: {
      exports: () => ({ findSockets: 'async () => []' }),
      beside: [unnoticed],
      row: 'socket-in-a-listed-directory',
      breaks: ['reached'],
    },
  },
  'base-history': {
    what: 'An agent sees the base’s history and its own, and no other job’s',
    module: 'packages/git-worktree/src/policy.ts',
    proof: {
      exports: () => ({
        policyOf:
          '(layout, place, confinement) => { const policy = was(layout, place, confinement); const vault = layout.vault(place.repository); return { ...policy, readable: [...policy.readable, vault] }; }',
      }),
      row: 'work-of-other-jobs',
      breaks: ['branch'],
    },
  },
  'no-network': {
    what: 'There is no network inside; an empty list of hosts means none',
    module: 'packages/sandbox/src/bubblewrap-arguments.ts',
    proof: {
      exports: () => ({ bubblewrapArguments: withoutArguments('--unshare-net') }),
      beside: [unnoticed],
      row: 'direct-connection',
      breaks: ['reached'],
    },
  },
  'listed-hosts': {
    what: 'The proxy reaches listed hosts and no others',
    module: 'packages/sandbox/src/allowed-hosts.ts',
    proof: { exports: () => everyHost.exports, row: 'unlisted-host', breaks: ['reached'] },
  },
  'one-reading': {
    what: 'What was asked for is read once, refused where it could be read in two ways, and the value that was judged is used',
    module: 'packages/sandbox/src/endpoint.ts',
    proof: {
      exports: () => ({
        parseEndpoint:
          '(text, port) => { const [, name, digits] = /^(.*?)(?::(\\d+))?$/.exec(text); return was(text, port) ?? { host: { kind: "name", text: name }, port: Number(digits ?? port) }; }',
        parseAddress: '(text) => was(text.replace(/%.*/, ""))',
      }),
      beside: [everyAddress],
      row: 'address-with-a-zone',
      breaks: ['reached'],
    },
  },
  'host-in-tunnel': {
    what: 'In a tunnel of plain HTTP each Host must be the host that was judged',
    module: 'packages/sandbox/src/forward.ts',
    proof: {
      exports: () => ({
        readAsked:
          '(message, within) => (within === null ? was(message, null) : { endpoint: within, path: message.url })',
      }),
      row: 'other-host-in-a-tunnel',
      breaks: ['reached'],
    },
  },
  'name-in-hello': {
    what: 'The name in the hello of TLS must be the host that was judged',
    module: 'packages/sandbox/src/client-hello.ts',
    proof: {
      exports: () => ({
        readClientHello:
          '(bytes, which) => { const hello = was(bytes, which); return hello.kind === "hello" ? { ...hello, serverName: null } : hello; }',
      }),
      row: 'other-name-in-tls',
      breaks: ['reached'],
    },
  },
  'caught-answers': {
    what: 'Whatever a host answers ends one response, and nothing else',
    module: 'packages/sandbox/src/forward.ts',
    proof: {
      exports: () => ({
        forward: `(message, response, way, options) => {
          const { request } = process.getBuiltinModule('node:http');
          const { host, port } = way.endpoint;
          const wanted = { host: host.text, port, path: options.path, agent: false };
          request(wanted, (answer) => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
          }).end();
        }`,
      }),
      row: 'odd-answers',
      breaks: ['daemon'],
    },
  },
  'setup-offline': {
    what: 'A setup that runs an agent’s files has no network',
    module: 'packages/git-worktree/src/setup.ts',
    proof: {
      exports: () => ({
        createSetup:
          '(settings, parts) => was(settings, { ...parts, sandbox: { ...parts.sandbox, spawn: (command, policy, call) => parts.sandbox.spawn(command, { ...policy, network: settings.network }, call) } })',
      }),
      row: 'setup-with-network',
      breaks: ['reached'],
    },
  },
  'host-settings': {
    what: 'The host keeps its CI from running a branch before a person looked',
    module: null,
    proof: 'It is a setting of the host’s.',
  },
  'asked-pushes': {
    what: 'Where `forge.ci` is `ask`, nothing is pushed before a person approved this diff',
    module: 'packages/engine/src/not-published.ts',
    proof: {
      exports: () => ({ whyNotPushed: '() => null' }),
      row: 'host-ci-asked',
      breaks: ['ending', 'reached'],
    },
  },
  'guarded-proc': {
    what: 'Settings of the kernel are read-only',
    module: 'packages/sandbox/src/proc-guard.ts',
    proof: {
      exports: () => ({ guardProc: '() => []' }),
      beside: [unnoticed],
      row: 'kernel-settings',
      breaks: ['branch'],
    },
  },
  'no-namespaces': {
    what: 'All capabilities are dropped, and no further namespace can be made',
    module: 'packages/sandbox/src/bubblewrap-arguments.ts',
    proof: {
      exports: () => ({ bubblewrapArguments: withoutArguments('--disable-userns') }),
      beside: [unnoticed],
      row: 'remount',
      breaks: ['branch'],
    },
  },
  limits: {
    what: 'Memory, processes and temporary space are limited, by default too',
    module: 'packages/sandbox/src/command-limits.ts',
    proof: {
      exports: () => ({
        commandLimits: '() => ({ memoryBytes: 8 * 1024 ** 3, processes: 4096, temporaryBytes: 1024 ** 3 })',
      }),
      beside: [unnoticed],
      row: 'temporary-space',
      breaks: ['branch'],
    },
  },
  'own-home': {
    what: 'Home and temporary directories are new for each command',
    module: 'packages/sandbox/src/mount-plan.ts',
    proof: {
      exports: ({ path }) => ({
        planMounts: `(policy) => was({ ...policy, writable: [...policy.writable, ${JSON.stringify(`${path}/tmp`)}] })`,
      }),
      beside: [
        {
          module: 'packages/sandbox/src/minimal-environment.ts',
          exports: { minimalEnvironment: '(place) => ({ ...was(place), TMPDIR: process.env.TMPDIR })' },
        },
      ],
      row: 'carried-over',
      breaks: ['next-job'],
    },
  },
  'vault-out-of-reach': {
    what: 'The copy of the repository that the daemon’s git works with isn’t there inside; a checkout has a git directory of its own, which is never read outside',
    module: 'packages/git-worktree/src/policy.ts',
    proof: {
      exports: () => ({
        policyOf:
          '(layout, place, confinement) => { const policy = was(layout, place, confinement); return { ...policy, writable: [...policy.writable, layout.vault(place.repository)] }; }',
      }),
      row: 'programs-for-git',
      breaks: ['branch'],
    },
  },
  'pinned-git': {
    what: 'The daemon’s git names its repository, and everything that could start a program is pinned',
    module: 'packages/git-worktree/src/git.ts',
    proof: {
      exports: () => ({
        createGit:
          '(options) => { const git = was(options); return (command, call) => git({ ...command, env: { GIT_CONFIG_COUNT: "0", ...command.env } }, call); }',
      }),
      row: 'programs-for-git-written',
      breaks: ['outside'],
      mode: 'off',
    },
  },
  links: {
    what: 'Nested repositories and links that lead out are refused',
    module: 'packages/gates/src/tree-links.ts',
    proof: { exports: () => ({ judgeLinks: '() => []' }), row: 'way-out-symlink', breaks: ['ending', 'branch'] },
  },
  characters: {
    what: 'Characters that show other code than runs, and repositories as plain files, are for a person to look at',
    module: 'packages/gates/src/judge-characters.ts',
    proof: { exports: () => ({ judgeCharacters: '() => []' }), row: 'reordered-code', breaks: ['ending', 'branch'] },
  },
  names: {
    what: 'Names are judged as every file system and reader takes them',
    module: 'packages/gates/src/judge-names.ts',
    proof: {
      exports: () => ({ judgeNames: '() => []' }),
      row: 'git-by-another-spelling',
      breaks: ['ending', 'branch'],
    },
  },
  filters: {
    what: 'Files that a filter would have to replace first are refused',
    module: 'packages/gates/src/judge-content.ts',
    proof: { exports: () => ({ judgeContent: '() => []' }), row: 'filtered-path', breaks: ['ending', 'branch'] },
  },
  protected: {
    what: 'Files that can steer a check, the host’s CI, a developer’s machine or the next agent are for a person to look at',
    module: 'packages/gates/src/protected/kind-of-path.ts',
    proof: {
      exports: () => ({ createKindOfPath: '() => () => null' }),
      row: 'host-workflow',
      breaks: ['ending', 'branch'],
    },
  },
  manifests: {
    what: 'Manifests are judged by what changed in them',
    module: 'packages/gates/src/changed-manifests.ts',
    proof: {
      exports: () => ({ compareManifests: 'async () => []' }),
      row: 'script-of-a-manifest',
      breaks: ['ending', 'branch'],
    },
  },
  'named-by-commands': {
    what: 'What a configured command names is for a person to look at, whatever it is called',
    module: 'packages/gates/src/protected/command-paths.ts',
    proof: {
      exports: () => ({ pathsInCommands: '() => new Set()' }),
      row: 'script-of-a-check',
      breaks: ['ending', 'branch'],
    },
  },
  controls: {
    what: 'What Baton itself is run by is changed by people only, whatever is configured',
    module: 'packages/gates/src/baton-controls.ts',
    proof: { exports: () => ({ judgeControls: '() => []' }), row: 'own-tracker', breaks: ['ending', 'branch'] },
  },
  'lost-tests': {
    what: 'Tests that are gone or skipped are for a person to look at, by the files where no report tells',
    module: 'packages/gates/src/test-loss-gate.ts',
    proof: {
      exports: () => ({ createTestLossGate: passing('test-loss') }),
      row: 'tests-deleted',
      breaks: ['ending', 'branch'],
    },
  },
  'compared-tests': {
    what: 'Where there is a report, result and base are compared test by test',
    module: 'packages/gates/src/compare-runs.ts',
    proof: {
      exports: () => ({
        compareRuns:
          '(base, result, rules) => was(base && { ...base, tests: null }, { ...result, tests: null }, rules)',
      }),
      row: 'tests-missing-from-the-report',
      breaks: ['ending', 'branch'],
    },
  },
  'fresh-runs': {
    what: 'Each run is on a checkout of its own: the tree, and what a setup made in which no agent’s code ran',
    module: 'packages/gates/src/run-check.ts',
    proof: {
      exports: () => ({
        runCheck:
          '(() => { const made = new WeakSet(); return (command, checkout, options) => was(command, { ...checkout, renew: async (call) => { if (!made.has(checkout)) await checkout.renew(call); made.add(checkout); } }, options); })()',
      }),
      beside: [
        {
          module: 'packages/gates/src/refuse-alteration.ts',
          exports: { refuseAlteration: '(base, head, comparison) => comparison' },
        },
      ],
      row: 'check-rewrites-the-next',
      breaks: ['ending', 'branch'],
    },
  },
  'altered-files': {
    what: 'A run that leaves tracked files changed is red',
    module: 'packages/gates/src/refuse-alteration.ts',
    proof: {
      exports: () => ({ refuseAlteration: '(base, head, comparison) => comparison' }),
      row: 'test-alters-what-is-tracked',
      breaks: ['ending', 'branch'],
    },
  },
  checks: {
    what: 'Baton runs the checks itself, on exactly the tree that it commits',
    module: 'packages/gates/src/check-gate.ts',
    proof: {
      exports: () => ({ createCheckGate: passing('checks') }),
      row: 'broken-work',
      breaks: ['ending', 'branch'],
    },
  },
  review: {
    what: 'A person reads the change',
    module: null,
    proof: 'It is people’s.',
  },
  'held-secrets': {
    what: 'Every secret that the daemon holds is searched for in all that is about to leave, in many encodings',
    module: 'packages/gates/src/secret-needles.ts',
    proof: {
      exports: () => ({ needlesOf: '() => []' }),
      row: 'secret-in-a-file',
      breaks: ['ending', 'branch', 'canary'],
    },
  },
  'masked-store': {
    what: 'Known secrets are masked before anything is stored, and so in all that is told of a job later',
    module: 'apps/daemon/src/wire/masked-store.ts',
    proof: {
      exports: () => ({ createMaskedStore: '(store) => store' }),
      row: 'secret-in-words',
      breaks: ['canary'],
    },
  },
  'split-secrets': {
    what: 'Secrets are found where they were split, too',
    module: 'packages/gates/src/text-views.ts',
    proof: {
      exports: () => ({ viewsOf: '(text) => was(text).filter(({ reading }) => reading === null)' }),
      row: 'secret-split',
      breaks: ['ending', 'branch'],
    },
  },
  'known-shapes': {
    what: 'What looks like a key is found by its shape',
    module: 'packages/gates/src/known-shapes.ts',
    proof: {
      exports: () => ({ findKnownShapes: 'async () => []' }),
      row: 'secret-by-its-shape',
      breaks: ['ending', 'branch'],
    },
  },
  deletion: {
    what: 'What is discarded is moved aside at once, and deleted where it is in nobody’s way',
    module: 'packages/git-worktree/src/trash.ts',
    proof: 'Its row is refused for its names first; `packages/git-worktree/test/trash.test.ts` shows it by itself.',
  },
  bounds: {
    what: 'Sizes are looked at first, and contents only within bounds',
    module: 'packages/git-worktree/src/snapshot-bounds.ts',
    proof: {
      exports: () => ({ measureFiles: 'async (_root, names) => ({ files: names, special: [] })' }),
      row: 'large-text',
      breaks: ['ending'],
    },
  },
  'bounded-output': {
    what: 'What is kept of output is bounded',
    module: 'packages/command-agent/src/command-agent.ts',
    proof: 'Each kind of output is bounded where it is read, and again where it is shown: no one part holds it.',
  },
  stall: {
    what: 'A turn in which nothing is heard is ended, with all of its processes',
    module: 'packages/engine/src/run-turn.ts',
    proof: 'It is a limit of time in the loop of a turn itself: without it the turn’s own limit ends it.',
  },
  rounds: {
    what: 'Rounds are bounded, and the same tree twice ends the job',
    module: 'packages/engine/src/reduce.ts',
    proof: {
      exports: () => ({
        reduce:
          '(job, entry, now) => { const next = was(job, entry, now); return { ...next, data: { ...next.data, redTrees: [] } }; }',
      }),
      row: 'same-again',
      breaks: ['reason'],
    },
  },
} as const satisfies Readonly<Record<string, Defence>>;

/** Names one. */
export type DefenceId = keyof typeof defences;

/** A defence, and what stands beside it, as the daemon's sources are told. Null where there is nothing to take away. */
export function removalsOf(defence: Defence, place: Place): readonly Removal[] | null {
  const { module, proof } = defence;
  if (module === null || typeof proof === 'string') return null;
  return [{ module, exports: proof.exports(place) }, ...(proof.beside ?? [])];
}
