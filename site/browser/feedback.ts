// "Did this help?": sends the answer, then asks what was missing. Loaded with the first click.

/** `answer`: the button that was pressed, inside of the question. */
export async function giveFeedback(answer: HTMLButtonElement): Promise<void> {
  const box = answer.closest<HTMLElement>('.feedback')!;
  const helpful = answer.dataset['helpful'] === 'yes';
  const status = box.querySelector<HTMLElement>('[role=status]')!;
  const form = box.querySelector('form')!;
  for (const button of box.querySelectorAll<HTMLButtonElement>('[data-helpful]'))
    button.setAttribute('aria-pressed', String(button === answer));
  form.hidden = false;
  const text = form.querySelector('textarea')!;
  form.querySelector('label')!.textContent = helpful
    ? 'What helped? (if you like)'
    : 'What did you look for? (if you like)';
  form.onsubmit = (event) => {
    event.preventDefault();
    void send({ helpful, text: text.value }, status).then((stored) => {
      if (!stored) return;
      form.hidden = true;
      text.value = '';
    });
  };
  await send({ helpful }, status);
}

async function send(said: { helpful: boolean; text?: string }, status: HTMLElement): Promise<boolean> {
  status.textContent = 'Sending…';
  try {
    const response = await fetch('/api/feedback', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ page: location.pathname, ...said }),
      credentials: 'omit',
      signal: AbortSignal.timeout(15_000),
    });
    status.textContent = ((await response.json()) as { message: string }).message;
    return response.ok;
  } catch {
    status.textContent = 'It could not be sent: Rootnote does not answer. Please try again later.';
    return false;
  }
}
