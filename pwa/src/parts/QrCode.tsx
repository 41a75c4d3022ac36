// A QR code drawn here, on this screen, because what it holds may be sent to nobody who draws pictures.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { encode } from "uqr";

/** Four modules of white on each side, as the standard (ISO/IEC 18004) asks of what is around. */
const QUIET = 4;

export function QrCode(props: { holds: string; label: string }): JSX.Element {
  const { path, size } = useMemo(() => drawn(props.holds), [props.holds]);
  return (
    <svg class="al-qr" viewBox={`0 0 ${String(size)} ${String(size)}`} role="img" aria-label={props.label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}

function drawn(holds: string): { path: string; size: number } {
  const { data, size } = encode(holds, { ecc: "M", border: QUIET });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isBlack, x) => (isBlack ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])),
  );
  return { path: squares.join(""), size };
}
