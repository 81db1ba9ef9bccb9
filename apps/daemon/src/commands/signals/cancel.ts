import { signalCommand } from './send-signal.js';

/** `baton cancel <job>`. */
export const cancel = signalCommand('cancel', 'cancelling');
