import { bugs } from './bugs/bugs.js';
import { plantBugs } from './bugs/plant-bugs.js';

plantBugs(Object.entries(bugs));
