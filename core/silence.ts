/** Seconds without a report after which a server is shown as silent: five intervals of a minute, so that one lost report says nothing. */
export const silentAfterSeconds = 300;
