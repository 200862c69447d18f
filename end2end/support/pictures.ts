import { crc32, deflateSync } from "node:zlib";
import type { Browser } from "@playwright/test";

/** File for a file chooser. */
export interface File {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Creates a photo like those of phones: a JPEG that the browser encodes. */
export async function jpeg(browser: Browser, name: string, hue = 210, size = [1600, 1200]): Promise<File> {
  const context = await browser.newContext({ javaScriptEnabled: true, storageState: undefined });
  try {
    const page = await context.newPage();
    const data = await page.evaluate(
      ([name, hue, [width, height]]) => {
        const canvas = document.createElement("canvas");
        canvas.width = width;
        canvas.height = height;
        const on = canvas.getContext("2d")!;
        const sky = on.createLinearGradient(0, 0, 0, height);
        sky.addColorStop(0, `hsl(${hue} 45% 62%)`);
        sky.addColorStop(1, `hsl(${hue} 30% 90%)`);
        on.fillStyle = sky;
        on.fillRect(0, 0, width, height);
        on.fillStyle = `hsl(${(hue + 180) % 360} 30% 45%)`;
        on.fillRect(width * 0.2, height * 0.35, width * 0.6, height * 0.55);
        on.fillStyle = "white";
        on.font = `${height / 16}px sans-serif`;
        on.fillText(name, width * 0.24, height * 0.6);
        return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
      },
      [name, hue, size] as [string, number, [number, number]],
    );
    return { name, mimeType: "image/jpeg", buffer: Buffer.from(data, "base64") };
  } finally {
    await context.close();
  }
}

/** Returns the same photo with an EXIF orientation that is needed to show it upright. */
export function turned(file: File): File {
  const tiff = Buffer.alloc(26);
  tiff.write("MM\0*", 0, "latin1");
  tiff.writeUInt32BE(8, 4); // where the directory begins
  tiff.writeUInt16BE(1, 8); // one entry
  tiff.writeUInt16BE(0x0112, 10); // orientation
  tiff.writeUInt16BE(3, 12); // a short
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(6, 18); // turn it a quarter to the right
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  return { ...file, buffer: Buffer.concat([file.buffer.subarray(0, 2), head, exif, file.buffer.subarray(2)]) };
}

/** Creates a PNG of one colour, without a browser. */
export function png(name: string, width = 64, height = 48, colour = [180, 90, 40]): File {
  const chunk = (kind: string, body: Buffer) => {
    const data = Buffer.concat([Buffer.from(kind, "latin1"), body]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(body.length, 0);
    frame.writeUInt32BE(crc32(data), 4);
    return Buffer.concat([frame.subarray(0, 4), data, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array(width).fill(colour).flat())]);
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(Array(height).fill(row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { name, mimeType: "image/png", buffer };
}

/** Text file with the name of a photo. */
export const impostor: File = {
  name: "not-a-photo.jpg",
  mimeType: "image/jpeg",
  buffer: Buffer.from("These are words, whatever the name of the file says.\n"),
};
