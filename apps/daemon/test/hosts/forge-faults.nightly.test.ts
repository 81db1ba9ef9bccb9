import { everyOddFault, everyPassingFault, testForgeFaults } from './test-forge-faults.js';

testForgeFaults(everyPassingFault, everyOddFault);
