// Times leave the portal as epoch seconds, like everywhere in the product: JSON has no dates.

export function epoch(date: Date): number {
  return date.getTime() / 1000;
}

export function epochOrNull(date: Date | null): number | null {
  return date && date.getTime() / 1000;
}
