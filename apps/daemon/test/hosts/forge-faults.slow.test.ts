import { everyOddFault, everyPassingFault, type ForgeFault, testForgeFaults } from './test-forge-faults.js';

/** Each fault at one of the hosts, one after the other: at both it is every night. */
function shared(faults: readonly ForgeFault[]): readonly ForgeFault[] {
  const names = [...new Set(faults.map(([, fault]) => fault))];
  return faults.filter(([kind, fault]) => kind === (names.indexOf(fault) % 2 === 0 ? 'github' : 'gitlab'));
}

testForgeFaults(shared(everyPassingFault), shared(everyOddFault));
