import { resolve } from 'node:path';
import { root as repository } from './run-process.ts';
import { checkDirection } from './structure/check-direction.ts';
import { checkModuleState } from './structure/check-module-state.ts';
import { checkPackageCycles } from './structure/check-package-cycles.ts';
import { checkPackageFiles } from './structure/check-package-files.ts';
import { checkRooms } from './structure/check-rooms.ts';
import { checkWithKnip } from './structure/check-with-knip.ts';
import { formatComplaint } from './structure/complaint.ts';
import { readPackages } from './structure/read-packages.ts';

const root = resolve(process.argv[2] ?? repository);
const packages = readPackages(root);
const complaints = [
  ...checkDirection(root, packages),
  ...checkPackageCycles(packages),
  ...checkPackageFiles(root, packages),
  ...checkRooms(root, packages),
  ...checkModuleState(root, packages),
  ...(await checkWithKnip(root)),
];
for (const complaint of complaints) console.log(formatComplaint(complaint));
if (complaints.length > 0) process.exitCode = 1;
