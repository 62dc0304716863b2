// What went wrong with the last thing that a person asked for.

export function Trouble({ error }: { error: { message: string } | null }) {
  return (
    <p className="trouble" role="alert">
      {error?.message ?? ''}
    </p>
  );
}
