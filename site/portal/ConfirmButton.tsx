// A button for what cannot be undone: it asks once more, in its own place.
import { useState } from 'react';

interface Props {
  text: string;
  question: string;
  onConfirm: () => void;
  disabled?: boolean;
}

export function ConfirmButton({ text, question, onConfirm, disabled }: Props) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" className="button danger" disabled={disabled} onClick={() => setAsked(true)}>
        {text}
      </button>
    );
  }
  return (
    <span className="confirm" role="group" aria-label={question}>
      <span>{question}</span>
      <button
        type="button"
        className="button danger"
        // The question came from a key or a click: the focus goes on to its answer.
        ref={(button) => button?.focus()}
        onClick={() => {
          setAsked(false);
          onConfirm();
        }}
      >
        {text}
      </button>
      <button type="button" className="button" onClick={() => setAsked(false)}>
        Keep
      </button>
    </span>
  );
}
