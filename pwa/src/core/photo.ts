// A picture somebody chose, cut to a square and made small here, so that a large file never leaves the phone.

const SIDE = 512;
/** As the service takes it, in base64. */
const MOST = 260_000;

export interface Square {
  x: number;
  y: number;
  side: number;
}

/** The largest square in the middle; of a standing picture a little above it, where a face is. */
export function squareOf(width: number, height: number): Square {
  const side = Math.min(width, height);
  return { x: Math.round((width - side) / 2), y: Math.round((height - side) / (height > width ? 3 : 2)), side };
}

/** Null when it is no picture that this browser can read. The answer is a data: address of a JPEG. */
export async function cutSquare(file: Blob): Promise<string | null> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { x, y, side } = squareOf(picture.width, picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.min(SIDE, side);
    const context = canvas.getContext("2d");
    if (!context) return null;
    // What shows through a picture without a ground is white, as on paper.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height);
    return smallEnough(canvas);
  } catch {
    return null;
  }
}

function smallEnough(canvas: HTMLCanvasElement): string | null {
  for (const quality of [0.85, 0.7, 0.5]) {
    const address = canvas.toDataURL("image/jpeg", quality);
    if (address.length <= MOST) return address;
  }
  return null;
}
