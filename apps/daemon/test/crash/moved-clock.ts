/**
 * Preloaded by node (`--import`): the wall clock of the process is as many milliseconds ahead as the file says that
 * `BATON_TEST_CLOCK` names, from one look to the next. The monotonic clock stays what it is, as where a person or a
 * time server sets the clock.
 */
import { readFileSync } from 'node:fs';

const { BATON_TEST_CLOCK: file = '' } = process.env;
const now = Date.now.bind(Date);

Date.now = () => {
  try {
    return now() + Number(readFileSync(file, 'utf8'));
  } catch {
    return now();
  }
};
