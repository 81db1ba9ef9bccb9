/** A product that adds, and its one test. */
export const add = {
  'package.json': '{"name":"x","type":"module","scripts":{"test":"node --test"}}\n',
  'add.js': 'export const add = (a, b) => a + b;\n',
  'add.test.js':
    "import test from 'node:test';import assert from 'node:assert';import {add} from './add.js';\ntest('adds', () => assert.equal(add(1, 2), 3));\n",
};
export const breaks = "sed -i 's/a + b/a - b/' add.js";
export const byExitCode = () => ({ verify: { commands: [{ name: 'test', run: 'npm test' }] } });
export const byReport = () => ({
  verify: { commands: [{ name: 'test', run: 'node --test --test-reporter=tap', report: 'tap' }] },
});
