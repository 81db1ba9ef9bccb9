import { signalCommand } from './send-signal.js';

/** `baton reject <job>`. */
export const reject = signalCommand('reject', 'rejected');
