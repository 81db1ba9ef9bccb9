import type { Defence, Removal } from './defence.js';
import { unnoticed, withoutArguments } from './removals.js';

const everyHost: Removal = {
  module: 'packages/sandbox/src/network/allowed-hosts.ts',
  exports: { createAllowedHosts: '() => ({ includes: () => true })' },
};
const everyAddress: Removal = {
  module: 'packages/sandbox/src/network/internal-address.ts',
  exports: { isInternalAddress: '() => false' },
};

/** Of what a command can reach elsewhere, and of what a push starts. */
export const networkDefences = {
  'no-network': {
    what: 'There is no network inside; an empty list of hosts means none',
    module: 'packages/sandbox/src/confine/bubblewrap-arguments.ts',
    proof: {
      exports: () => ({ bubblewrapArguments: withoutArguments('--unshare-net') }),
      beside: [unnoticed],
      row: 'direct-connection',
      breaks: ['reached'],
    },
  },
  'listed-hosts': {
    what: 'The proxy reaches listed hosts and no others',
    module: 'packages/sandbox/src/network/allowed-hosts.ts',
    proof: { exports: () => everyHost.exports, row: 'unlisted-host', breaks: ['reached'] },
  },
  'one-reading': {
    what: 'What was asked for is read once, refused where it could be read in two ways, and the value that was judged is used',
    module: 'packages/sandbox/src/network/endpoint.ts',
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
    module: 'packages/sandbox/src/network/read-asked.ts',
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
    module: 'packages/sandbox/src/network/client-hello.ts',
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
    module: 'packages/sandbox/src/network/forward.ts',
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
    module: 'packages/git-worktree/src/setup/setup.ts',
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
    module: 'packages/engine/src/decide/await-approval.ts',
    proof: {
      exports: () => ({ whyNotPushed: '() => null' }),
      row: 'host-ci-asked',
      breaks: ['ending', 'reached'],
    },
  },
} as const satisfies Readonly<Record<string, Defence>>;
