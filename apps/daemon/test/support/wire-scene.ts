import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.js';
import { wireProjects, wireStore } from '../../src/wire/wire-config.js';
import { createQuietServices } from './quiet-services.js';

/** Made by hand, as a package that knows no zod would be: its schema follows Standard Schema alone. */
export const adapter = `const properties = { team: { type: 'string' } };
export default {
  id: 'acme',
  settings: { '~standard': {
    version: 1, vendor: 'acme',
    validate(value) {
      if (value.team === 'broken') throw new Error('The schema is broken.');
      const wrong = Object.keys(value).filter((key) => !(key in properties));
      if (wrong.length > 0) return { issues: wrong.map((key) => ({ message: 'is no setting of acme', path: [{ key }] })) };
      return { value };
    },
    jsonSchema: { input: () => ({ type: 'object', properties, additionalProperties: false }) },
  } },
  agent({ team }) {
    if (team === 'nobody') {
      throw Object.defineProperty(
        Object.assign(new Error('There is no such team.'), { code: 'CONFIG_INVALID', details: { setting: 'team' }, fix: 'name a team' }),
        Symbol.for('baton.error'), { value: true });
    }
    return { spec: 'coding-agent/1', id: 'acme-' + team, start: () => { throw new Error(); } };
  },
  gate: () => ({ spec: 'gate/1', id: 'acme-gate', judge: () => { throw new Error(); } }),
};
`;

/** Files beside the configuration that are no adapters, or not any more. */
export const others: Readonly<Record<string, string>> = {
  nothing: 'export const adapter = {};',
  needy: "import 'no-such-package';",
  old: "export default { id: 'old', settingsSchema: {}, connect: () => ({}) };",
  idle: "export default { id: 'idle', settings: { '~standard': {} } };",
  twin: adapter,
  failing: `${adapter.slice(0, adapter.indexOf('  agent({ team })'))}  agent() { throw new Error('no heart'); } };`,
  foreign: `${adapter.slice(0, adapter.indexOf('  agent({ team })'))}  agent: () => ({ spec: 'coding-agent/7', id: 'x' }) };`,
  empty: `${adapter.slice(0, adapter.indexOf('  agent({ team })'))}  agent: () => undefined };`,
};

export async function wire(project: string, path: string) {
  const package_ = join(path, 'node_modules', '@acme', 'baton-agent');
  await mkdir(package_, { recursive: true });
  // Its only condition is `import`, which `require.resolve` doesn't see.
  const manifest = { name: '@acme/baton-agent', type: 'module', exports: { '.': { import: './entry.js' } } };
  await writeFile(join(package_, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(package_, 'entry.js'), adapter);
  for (const [name, text] of Object.entries(others)) await writeFile(join(path, `${name}.mjs`), text);
  const file = join(path, 'baton.config.yaml');
  await writeFile(file, `version: 1\nstate: ./state\nprojects:\n  - name: web\n${project}`);
  const environment = { HOME: path, PATH: '/usr/bin:/bin' };
  const config = await loadConfig({ file, environment, cwd: path });
  const services = createQuietServices(environment);
  await wireStore(config, services, path);
  return wireProjects(config, services, path);
}

export const messageOf = (project: string, path: string): Promise<string> =>
  wire(project, path).then(
    () => 'nothing was wrong',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
