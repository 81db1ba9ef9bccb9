import { bugs } from './bugs/bugs.js';
import { plantBugs } from './bugs/plant-bugs.js';

const all = Object.entries(bugs);
const first = new Map(all.toReversed().map((each) => [each[1].breaks, each]));

// One of each promise.
plantBugs([...first.values()]);
