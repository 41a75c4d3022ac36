// How large the letters are on this phone: everything is in rem, so one size at the root changes all.
const KEY = "alongside.text-size";
export const SIZES = [100, 125, 150, 200] as const;
export type TextSize = (typeof SIZES)[number];

export function textSize(): TextSize {
  const kept = Number(localStorage.getItem(KEY));
  return SIZES.find((size) => size === kept) ?? 100;
}

/** Before anything is drawn. The browser's own setting stays the measure: these are parts of it. */
export function applyTextSize(): void {
  const size = textSize();
  document.documentElement.style.fontSize = size === 100 ? "" : `${String(size)}%`;
  document.documentElement.dataset["letters"] = size >= 150 ? "large" : "";
}

export function chooseTextSize(size: TextSize): void {
  localStorage.setItem(KEY, String(size));
  applyTextSize();
}
