import { z } from 'zod';

/** A command that checks the work, as `init` offers it. */
export interface DetectedCheck {
  readonly run: string;
  /** Where it leaves its tests, as `report` takes it; null where its runner isn't known, or can't tell them. */
  readonly report: string | null;
  /** The file that it was read from. */
  readonly from: string;
}

/** What `detectCheck` looks at. */
export interface ProjectFiles {
  /** Null where there is no such file, relative to the root. */
  read(path: string): Promise<string | null>;
  /** Whether a program of this name stands in PATH. */
  hasProgram(name: string): Promise<boolean>;
}

type Offer = Omit<DetectedCheck, 'from'>;

/** A runner that a script of `package.json` starts, and what makes it tell its tests. */
interface ScriptRunner {
  /** Of the script's last command. */
  readonly command: RegExp;
  /** A package that it needs for it. */
  readonly needs?: string;
  /** Stands before it: variables that it reads. */
  readonly environment?: string;
  /** Added to the script's end. */
  readonly flags: string;
  readonly report: string;
}

const scriptRunners: readonly ScriptRunner[] = [
  {
    command: /^vitest\b/,
    flags: '--reporter=default --reporter=junit --outputFile.junit=junit.xml',
    report: 'junit.xml',
  },
  {
    command: /^jest\b/,
    needs: 'jest-junit',
    // Else it says nothing of a file that can't be loaded.
    environment: 'JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true ',
    flags: '--reporters=default --reporters=jest-junit',
    report: 'junit.xml',
  },
  {
    command: /^mocha\b/,
    needs: 'mocha-junit-reporter',
    flags: '--reporter mocha-junit-reporter',
    report: 'test-results.xml',
  },
  { command: /^ava\b/, flags: '--tap', report: 'tap' },
  { command: /^tape\b/, flags: '', report: 'tap' },
  { command: /^tap\b/, flags: '--reporter=tap', report: 'tap' },
];

const manifest = z.looseObject({
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.unknown()).optional(),
  devDependencies: z.record(z.string(), z.unknown()).optional(),
});

/** The command that runs a project's tests, by the files in its root, told test by test where its runner is known. */
export async function detectCheck(files: ProjectFiles): Promise<DetectedCheck | null> {
  for (const { file, offer } of projects) {
    const text = await files.read(file);
    const offered = text === null ? null : await offer(text, files);
    if (offered !== null) return { ...offered, from: file };
  }
  return null;
}

const projects: readonly {
  readonly file: string;
  readonly offer: (text: string, files: ProjectFiles) => Offer | null | Promise<Offer | null>;
}[] = [
  { file: 'package.json', offer: offerScript },
  { file: 'Cargo.toml', offer: offerCargo },
  {
    file: 'go.mod',
    offer: async (_text, files) =>
      (await files.hasProgram('gotestsum'))
        ? { run: 'gotestsum --junitfile junit.xml ./...', report: 'junit.xml' }
        : { run: 'go test ./...', report: null },
  },
  { file: 'pyproject.toml', offer: () => pytest },
  { file: 'pytest.ini', offer: () => pytest },
  {
    file: 'pom.xml',
    offer: async (_text, files) => ({
      run: `${(await files.read('mvnw')) === null ? 'mvn' : './mvnw'} --batch-mode test`,
      report: '**/target/surefire-reports/TEST-*.xml',
    }),
  },
  { file: 'build.gradle', offer: offerGradle },
  { file: 'build.gradle.kts', offer: offerGradle },
  { file: 'phpunit.xml', offer: () => phpunit },
  { file: 'phpunit.xml.dist', offer: () => phpunit },
  {
    file: '.rspec',
    offer: async (_text, files) =>
      (await files.read('Gemfile.lock'))?.includes('rspec_junit_formatter') === true
        ? { run: 'bundle exec rspec --format RspecJunitFormatter --out junit.xml', report: 'junit.xml' }
        : { run: 'bundle exec rspec', report: null },
  },
  { file: 'Makefile', offer: (text) => (/^test\s*:/m.test(text) ? { run: 'make test', report: null } : null) },
];

const pytest: Offer = { run: 'python -m pytest --junit-xml=junit.xml', report: 'junit.xml' };
const phpunit: Offer = { run: 'vendor/bin/phpunit --log-junit junit.xml', report: 'junit.xml' };

async function offerScript(text: string, files: ProjectFiles): Promise<Offer | null> {
  const parsed = manifest.safeParse(parseJson(text));
  const script = parsed.data?.scripts?.['test'];
  // What `npm init` writes where there are no tests.
  if (script === undefined || script.includes('no test specified')) return null;
  const locks = await Promise.all(['pnpm-lock.yaml', 'yarn.lock'].map((name) => files.read(name)));
  const tool = locks[0] !== null ? 'pnpm' : locks[1] !== null ? 'yarn' : 'npm';
  const plain: Offer = { run: `${tool} test`, report: null };
  // What is added to a script goes to its last command. Behind a pipe or a fallback that isn't the runner.
  if (/[|;<>`$\n]/.test(script)) return plain;
  const last = script.split('&&').at(-1)?.trim() ?? '';
  const command = last.replace(/^(?:(?:npx|cross-env|env|[A-Z_][A-Z0-9_]*=\S*)\s+)+/, '');
  // Its flags stand before its files, so they can't be added; the variable is read by every node below.
  if (/^node\s+(?:\S+\s+)*--test\b/.test(command)) {
    return /--test-reporter\b/.test(command)
      ? plain
      : { run: `NODE_OPTIONS="$NODE_OPTIONS --test-reporter=tap" ${tool} test`, report: 'tap' };
  }
  const packages = { ...parsed.data?.dependencies, ...parsed.data?.devDependencies };
  const runner = scriptRunners.find((each) => each.command.test(command));
  if (runner === undefined || (runner.needs !== undefined && !Object.hasOwn(packages, runner.needs))) return plain;
  // The runner's own word, once.
  if (/--reporters?\b|(?:^|\s)-R\b/.test(command)) return plain;
  const flags = runner.flags === '' ? '' : `${tool === 'npm' ? ' --' : ''} ${runner.flags}`;
  return { run: `${runner.environment ?? ''}${plain.run}${flags}`, report: runner.report };
}

async function offerCargo(_text: string, files: ProjectFiles): Promise<Offer> {
  const settings = await files.read('.config/nextest.toml');
  const [, profile, path] =
    /^\[profile\.([\w-]+)\.junit\]\s*$[^[]*?^\s*path\s*=\s*"([^"]+)"/m.exec(settings ?? '') ?? [];
  if (profile === undefined || path === undefined) return { run: 'cargo test', report: null };
  return { run: `cargo nextest run --profile ${profile}`, report: `target/nextest/${profile}/${path}` };
}

async function offerGradle(_text: string, files: ProjectFiles): Promise<Offer> {
  const wrapper = await files.read('gradlew');
  return { run: `${wrapper === null ? 'gradle' : './gradlew'} test`, report: '**/build/test-results/**/*.xml' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
