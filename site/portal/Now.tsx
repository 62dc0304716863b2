// The clock of a page: the server's time, going on in the browser, whatever the browser's own clock says.
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

interface Clock {
  /** Epoch seconds, whole. */
  now: number;
  /** False while the page is as the server drew it: no time zone of the reader is known yet. */
  mounted: boolean;
}

const ClockContext = createContext<Clock>({ now: 0, mounted: false });

export function NowProvider({ now, children }: { now: number; children: ReactNode }) {
  const [clock, setClock] = useState<Clock>({ now: Math.floor(now), mounted: false });
  useEffect(() => {
    const ahead = Date.now() / 1000 - now;
    const tick = () => setClock({ now: Math.floor(Date.now() / 1000 - ahead), mounted: true });
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [now]);
  return <ClockContext value={clock}>{children}</ClockContext>;
}

export function useClock(): Clock {
  return useContext(ClockContext);
}
