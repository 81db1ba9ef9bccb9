/** A configuration that is right, for others to be added to. */
export const good = `version: 1
projects:
  - name: web
    source: { use: local }
    agents: [{ use: scripted, file: steps.yaml }]
`;

const namesHost =
  'Write `host`, `*.domain`, or either with `:port`, without scheme and path; an IPv6 address in brackets. Nothing stands for all hosts: name each.';

/** Each with one fault, and what is said of it. */
export const wrongConfigurations: readonly (readonly [what: string, text: string, message: string, fix: string])[] = [
  [
    'an unknown key',
    `${good}pollIntervall: 30s\n`,
    'baton.config.yaml:6:1: pollIntervall: unknown key; did you mean pollInterval?',
    'write pollInterval in place of pollIntervall',
  ],
  [
    'a misspelt key, which is not missing as well',
    good.replace('agents:', 'agent:'),
    'baton.config.yaml:5:5: projects[0].agent: unknown key; did you mean agents?',
    'write agents in place of agent',
  ],
  [
    'a key that is like no other',
    `${good}teapot: 1\n`,
    'baton.config.yaml:6:1: teapot: unknown key',
    'remove it, or use one of $schema, version, state, store, pollInterval, concurrency, totalConcurrency, minFreeDisk, projects, commit, prices (keys that begin with x- are left alone)',
  ],
  [
    'a key that stands twice, once in quotes',
    `${good}state: ./a\n"state": ./b\n`,
    'baton.config.yaml:7:1: the key "state" stands here a second time',
    'leave one of the two',
  ],
  [
    'an author that git would take for less than is written',
    `${good}commit: { author: { name: "A <a@b>", email: b@example.com } }\n`,
    'baton.config.yaml:6:27: commit.author.name: isn\'t valid: git would take less of it, found "A <a@b>"',
    'mend the value (One line, without < and >)',
  ],
  [
    'an author without an address',
    `${good}commit: { author: { email: baton } }\n`,
    'baton.config.yaml:6:28: commit.author.email: isn\'t valid: no e-mail address, found "baton"',
    'mend the value (An e-mail address: of the account that a signing key belongs to, where hosts verify it)',
  ],
  [
    'an interval that would keep a core busy',
    `${good}pollInterval: 0\n`,
    'baton.config.yaml:6:15: pollInterval: expected at least 100ms, found 0',
    'write at least 100ms',
  ],
  [
    'a tag that nobody knows',
    good.replace('name: web', 'name: !shout web'),
    'baton.config.yaml:3:11: not readable as YAML: Unresolved tag: !shout',
    'mend the line; indentation is by spaces, and text that holds ": " or "#" goes in quotes',
  ],
  [
    'a key that is a list',
    `${good}? [teapot]\n: 1\n`,
    'baton.config.yaml:6:3: "[\\"teapot\\"]": unknown key',
    'remove it, or use one of $schema, version, state, store, pollInterval, concurrency, totalConcurrency, minFreeDisk, projects, commit, prices (keys that begin with x- are left alone)',
  ],
  [
    'no agent that is for every issue',
    good.replace(/agents: \[\{ use: [a-z]+/, (text) => text.replace('{ ', '{ when: { labels: [docs] }, ')),
    'baton.config.yaml:5:13: projects[0].agents: every agent is for some issues only: nobody would work the others',
    'leave `when` out of one agent',
  ],
  [
    'a missing key',
    good.replace('    source: { use: local }\n', ''),
    'baton.config.yaml:3:5: projects[0].source: is missing',
    'add source (Where issues come from)',
  ],
  [
    'a value of the wrong kind',
    `${good}concurrency: many\n`,
    'baton.config.yaml:6:14: concurrency: expected a number, found "many"',
    'write a number here (Jobs that this daemon works at once, over all projects)',
  ],
  [
    'a number out of range',
    `${good}concurrency: 0\n`,
    'baton.config.yaml:6:14: concurrency: expected a number above 0, found 0',
    'write a number above 0 (Jobs that this daemon works at once, over all projects)',
  ],
  [
    'a duration that is none',
    `${good}pollInterval: soon\n`,
    'baton.config.yaml:6:15: pollInterval: expected a duration such as 30s, 45m, 1h, 500ms or a number of milliseconds, found "soon"',
    'write a duration such as 30s, 45m, 1h, 500ms or a number of milliseconds',
  ],
  [
    'a word that is none of the known ones',
    `${good}    change: { onProtected: hald }\n`,
    'baton.config.yaml:6:28: projects[0].change.onProtected: expected one of hold, block, allow, found "hald"; did you mean hold?',
    'write hold',
  ],
  [
    'a kind of protected files that is none of the known ones',
    `${good}    change: { onProtected: { lockfile: allow } }\n`,
    'baton.config.yaml:6:30: projects[0].change.onProtected.lockfile: unknown key; did you mean lockfiles?',
    'write lockfiles in place of lockfile',
  ],
  [
    'a verdict for a kind that is none of the known ones',
    `${good}    change: { onProtected: { ci: blok } }\n`,
    'baton.config.yaml:6:34: projects[0].change.onProtected.ci: expected one of hold, block, allow, found "blok"; did you mean block?',
    'write block',
  ],
  [
    "Baton's own settings as a kind",
    `${good}    change: { onProtected: { baton: allow } }\n`,
    'baton.config.yaml:6:30: projects[0].change.onProtected.baton: unknown key',
    'remove it, or use one of git, ci, owners, hooks, agent-instructions, editor, container, environment, package-manager, lockfiles, dependencies, toolchain, test-runner, lint, compiler, tasks, build, tools, check-scripts, setup-scripts, configured (keys that begin with x- are left alone)',
  ],
  [
    'a version of the future',
    good.replace('version: 1', 'version: 2'),
    'baton.config.yaml:1:10: version: expected 1, found 2',
    'write 1',
  ],
  [
    'no agents',
    good.replace(/agents: .*/, 'agents: []'),
    'baton.config.yaml:5:13: projects[0].agents: expected at least 1 entry',
    'write at least 1 entry (The first is tried first; the next on failure or usage limit)',
  ],
  [
    'two projects of one name',
    `${good}  - name: web\n    source: { use: local }\n    agents: [{ use: scripted }]\n`,
    'baton.config.yaml:6:11: projects[1].name: "web" is the name of an earlier project already (line 3)',
    'give each project a name of its own',
  ],
  ...(['*', 'https://example.org', '127.1', 'a b', 'example.org:0', '*.10.0.0.1', '::1'] as const).map(
    (host) =>
      [
        `${host} as a host to be reached`,
        `${good}    sandbox: { network: [example.org, '${host}'] }\n`,
        `baton.config.yaml:6:39: projects[0].sandbox.network[1]: "${host}" names no host that could be reached`,
        namesHost,
      ] as const,
  ),
  [
    'a host that no setup could reach',
    `${good}    workspace: { use: git-worktree, setup: { run: npm ci, network: ['*'] } }\n`,
    'baton.config.yaml:6:69: projects[0].workspace.setup.network[0]: "*" names no host that could be reached',
    namesHost,
  ],
  [
    'a host out of a variable, without its value',
    `${good}    sandbox: { network: ["\${SECRET_TOKEN} x"] }\n`,
    'baton.config.yaml:6:26: projects[0].sandbox.network[0]: the value of SECRET_TOKEN names no host that could be reached',
    namesHost,
  ],
  [
    'a project that would take every issue',
    good.replace('{ use: local }', '{ use: local, labels: [] }'),
    'baton.config.yaml:4:35: projects[0].source.labels: no label and no assignee: nobody could hand an issue over',
    'name at least one label, or an assignee',
  ],
  [
    'a project whose labels bar what they ask for',
    good.replace('{ use: local }', '{ use: local, labels: [bot], excludeLabels: [wip, Bot] }'),
    'baton.config.yaml:4:63: projects[0].source.excludeLabels[1]: "Bot" is asked for by labels, and kept out here: no issue could match',
    'take it out of one of the two',
  ],
  [
    'a word in the place of an adapter',
    good.replace('{ use: local }', 'local'),
    'baton.config.yaml:4:13: projects[0].source: expected keys and values, found "local"',
    'write { use: local } here (Where issues come from)',
  ],
  [
    'a word in the place of a list',
    good.replace('{ use: local }', '{ use: local, labels: bot }'),
    'baton.config.yaml:4:35: projects[0].source.labels: expected a list, found "bot"',
    'write a list here: [bot] (Every one must be on an issue. Default: [baton], or none beside an assignee)',
  ],
  [
    'keys in the place of a list',
    `${good}    verify: { commands: { name: test, run: x } }\n`,
    'baton.config.yaml:6:25: projects[0].verify.commands: expected a list, found keys',
    'write a list here, with "- " before each entry (What has to be green, in order)',
  ],
  [
    'a sentence in the place of keys',
    `${good}    verify: npm test\n`,
    'baton.config.yaml:6:13: projects[0].verify: expected keys and values, found "npm test"',
    'write keys and values here: commands, baseline, flakeRetries, knownFailures, tests, proof',
  ],
  [
    'quotes around what is a number',
    good.replace('version: 1', 'version: "1"'),
    'baton.config.yaml:1:10: version: expected 1, found "1"',
    'write 1 without quotes',
  ],
  [
    'no version',
    good.replace('version: 1\n', ''),
    'baton.config.yaml:1:1: version: is missing',
    'add version: 1 (Of this format)',
  ],
  [
    'a check that could never end in time',
    `${good}    verify: { commands: [{ name: test, run: x, timeout: 0s }] }\n`,
    'baton.config.yaml:6:57: projects[0].verify.commands[0].timeout: expected a duration above zero, found "0s"',
    'write a duration above zero',
  ],
  [
    'a price that lacks its half',
    `${good}prices: { fast-1: { input: 3 } }\n`,
    'baton.config.yaml:6:11: prices.fast-1.output: is missing',
    'add output (US dollars per million tokens)',
  ],
  [
    'a second document',
    `${good}---\n${good}`,
    'baton.config.yaml:6:1: a second document begins here',
    'leave one of the two, and no line --- between',
  ],
  [
    'keys that are to be merged',
    `${good}<<: { state: ./a }\n`,
    'baton.config.yaml:6:1: "<<": unknown key',
    'write the keys out: nothing is merged',
  ],
  [
    'a variable that is not set',
    good.replace('steps.yaml', `"\${STEPS}/steps.yaml"`),
    'baton.config.yaml:5:37: projects[0].agents[0].file: the environment variable STEPS is not set',
    'set STEPS, or write the value in its place (a literal "${" is written "$${")',
  ],
  [
    'a secret in the wrong place, without its value (G28)',
    `${good}concurrency: "\${SECRET_TOKEN}"\n`,
    'baton.config.yaml:6:14: concurrency: expected a number, found the value of SECRET_TOKEN',
    'write a number here (Jobs that this daemon works at once, over all projects)',
  ],
  [
    'what is no YAML',
    `${good}  - name: [\n`,
    'baton.config.yaml:7:1: not readable as YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    'mend the line; indentation is by spaces, and text that holds ": " or "#" goes in quotes',
  ],
  [
    'a key that stands twice',
    `${good}version: 1\n`,
    'baton.config.yaml:6:1: the key version stands here a second time',
    'leave one of the two',
  ],
  [
    'an empty file',
    '# nothing yet\n',
    'baton.config.yaml:1:1: the file is empty',
    'run baton init --force to write one, or copy the example from the documentation',
  ],
];
