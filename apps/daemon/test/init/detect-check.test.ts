import { describe, expect, it } from 'vitest';
import { detectCheck } from '../../src/init/detect-check.js';

type Found = Awaited<ReturnType<typeof detectCheck>>;

function detect(files: Readonly<Record<string, string>>, programs: readonly string[] = []): Promise<Found> {
  return detectCheck({
    read: async (path) => files[path] ?? null,
    hasProgram: async (name) => programs.includes(name),
  });
}

const script = (test: string, devDependencies: Readonly<Record<string, string>> = {}): string =>
  JSON.stringify({ scripts: { test }, devDependencies });

describe('the check that is offered', () => {
  it.each<[string, string, string | null]>([
    ['node --test', 'NODE_OPTIONS="$NODE_OPTIONS --test-reporter=tap" npm test', 'tap'],
    ['node --import tsx --test src/', 'NODE_OPTIONS="$NODE_OPTIONS --test-reporter=tap" npm test', 'tap'],
    ['tsc && node --test dist/', 'NODE_OPTIONS="$NODE_OPTIONS --test-reporter=tap" npm test', 'tap'],
    ['node --test --test-reporter=spec', 'npm test', null],
    ['vitest run', 'npm test -- --reporter=default --reporter=junit --outputFile.junit=junit.xml', 'junit.xml'],
    [
      'NODE_ENV=test vitest',
      'npm test -- --reporter=default --reporter=junit --outputFile.junit=junit.xml',
      'junit.xml',
    ],
    ['vitest run --reporter=dot', 'npm test', null],
    ['vitest run | tee log', 'npm test', null],
    ['vitest run && eslint .', 'npm test', null],
    ['tape test/*.js', 'npm test', 'tap'],
    ['ava', 'npm test -- --tap', 'tap'],
    ['jest', 'npm test', null],
    ['make test', 'npm test', null],
  ])('of the script `%s`', async (test, run, report) => {
    expect(await detect({ 'package.json': script(test) })).toEqual({ run, report, from: 'package.json' });
  });

  it.each<[string, string, string, string]>([
    [
      'jest',
      'jest-junit',
      'JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true npm test -- --reporters=default --reporters=jest-junit',
      'junit.xml',
    ],
    ['mocha', 'mocha-junit-reporter', 'npm test -- --reporter mocha-junit-reporter', 'test-results.xml'],
  ])('of %s tells its tests where %s is there', async (test, dependency, run, report) => {
    expect(await detect({ 'package.json': script(test, { [dependency]: '1.0.0' }) })).toMatchObject({ run, report });
  });

  it('is handed on to pnpm and yarn as they take it', async () => {
    const flags = '--reporter=default --reporter=junit --outputFile.junit=junit.xml';
    const manifest = script('vitest run');
    expect(await detect({ 'package.json': manifest, 'pnpm-lock.yaml': '' })).toMatchObject({
      run: `pnpm test ${flags}`,
    });
    expect(await detect({ 'package.json': manifest, 'yarn.lock': '' })).toMatchObject({ run: `yarn test ${flags}` });
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[], string, string | null]>([
    ['pytest', { 'pyproject.toml': '' }, [], 'python -m pytest --junit-xml=junit.xml', 'junit.xml'],
    ['go', { 'go.mod': '' }, [], 'go test ./...', null],
    ['gotestsum', { 'go.mod': '' }, ['gotestsum'], 'gotestsum --junitfile junit.xml ./...', 'junit.xml'],
    ['maven', { 'pom.xml': '', mvnw: '' }, [], './mvnw --batch-mode test', '**/target/surefire-reports/TEST-*.xml'],
    ['gradle', { 'build.gradle.kts': '' }, [], 'gradle test', '**/build/test-results/**/*.xml'],
    ['phpunit', { 'phpunit.xml.dist': '' }, [], 'vendor/bin/phpunit --log-junit junit.xml', 'junit.xml'],
    ['rspec', { '.rspec': '' }, [], 'bundle exec rspec', null],
    [
      'rspec with its formatter',
      { '.rspec': '', 'Gemfile.lock': '    rspec_junit_formatter (0.6.0)\n' },
      [],
      'bundle exec rspec --format RspecJunitFormatter --out junit.xml',
      'junit.xml',
    ],
    ['cargo', { 'Cargo.toml': '' }, [], 'cargo test', null],
    [
      'cargo nextest',
      { 'Cargo.toml': '', '.config/nextest.toml': '[profile.ci]\n\n[profile.ci.junit]\npath = "junit.xml"\n' },
      [],
      'cargo nextest run --profile ci',
      'target/nextest/ci/junit.xml',
    ],
    ['make', { Makefile: 'all:\n\ntest: all\n' }, [], 'make test', null],
  ])('of %s', async (_name, files, programs, run, report) => {
    expect(await detect(files, programs)).toMatchObject({ run, report });
  });

  it('is none where nothing is known, or nothing is tested', async () => {
    expect(await detect({ 'package.json': 'broken' })).toBeNull();
    expect(await detect({ 'package.json': script('echo "Error: no test specified" && exit 1') })).toBeNull();
    expect(await detect({ Makefile: 'all:\n' })).toBeNull();
  });
});
