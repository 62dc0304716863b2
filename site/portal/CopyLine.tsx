// A command to paste into a terminal, with a button that copies it.
import { type ReactNode, useRef, useState } from 'react';

export function CopyLine({ line, label, install }: { line: string; label: ReactNode; install?: boolean }) {
  const code = useRef<HTMLElement>(null);
  const [answer, setAnswer] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(line);
      setAnswer('Copied');
    } catch {
      // Without HTTPS a browser refuses to copy; the selected line can be copied by hand.
      if (code.current) getSelection()?.selectAllChildren(code.current);
      setAnswer('Selected: press Ctrl+C');
    }
    setTimeout(() => setAnswer(''), 2500);
  };
  return (
    <div className="copy-line">
      <p>{label}</p>
      <div className="command">
        <pre tabIndex={0}>
          <span className="prompt" aria-hidden="true">
            ${' '}
          </span>
          <code ref={code} data-install-line={install ? '' : undefined}>
            {line}
          </code>
        </pre>
        <button type="button" className="button" onClick={() => void copy()}>
          <span aria-live="polite">{answer || 'Copy'}</span>
        </button>
      </div>
    </div>
  );
}
