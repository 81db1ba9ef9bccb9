import { signalCommand } from './send-signal.js';

/** `baton approve <job>`. */
export const approve = signalCommand('approve', 'approved');
