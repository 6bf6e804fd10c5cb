package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    private Path folder;

    /** Pixel (x, y) has the red of x, the green of y. */
    private static BufferedImage coloured(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, (i % width * 51) << 16 | (i / width * 51) << 8 | 255);
        }
        return image;
    }

    private static BufferedImage grey(int type, int width, int height, int step) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            image.getRaster().setSample(i % width, i / width, 0, i * step);
        }
        return image;
    }

    private Path save(BufferedImage image, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()), name);
        return file;
    }

    private String refusal(ImageFormat format) {
        return assertThrows(DataException.class, () -> ImageFolder.open(folder, format)).getMessage();
    }

    @Test
    void theFolderIsTheClassAndNamesGiveTheOrder() throws IOException {
        save(coloured(3, 2), "owl/b.png");
        save(coloured(3, 2), "owl/a.bmp");
        save(coloured(3, 2), "crow/z.png");
        Files.writeString(folder.resolve("owl/notes.txt"), "not an image");
        Files.writeString(folder.resolve("owl/.hidden.png"), "not an image");
        Files.writeString(folder.resolve("LICENSE"), "not a folder");
        ImageFolder images = ImageFolder.open(folder, ImageFormat.colour(2, 3));
        assertEquals(List.of("crow", "owl"), images.classes());
        assertArrayEquals(new long[] {0, 1, 1}, images.labels());
        assertEquals(List.of("z.png", "a.bmp", "b.png"),
                images.files().stream().map(file -> file.getFileName().toString()).toList());
        Batch batch = images.rows(2, 0);
        assertEquals(Shape.of(2, 3, 2, 3), batch.features().shape());
        assertArrayEquals(new long[] {1, 0}, batch.targets().toLongs());
        assertArrayEquals(new float[] {0, 0.2f, 0.4f, 0, 0.2f, 0.4f, 0, 0, 0, 0.2f, 0.2f, 0.2f, 1, 1, 1, 1, 1, 1},
                images.rows(1).features().toFloats());
        assertArrayEquals(new long[] {1}, images.subset(2).labels());
        assertEquals(3, Dataset.of(images).size());
        assertThrows(ShapeException.class, () -> images.rows(3));
        assertThrows(ShapeException.class, () -> images.subset(0, -1));
        assertThrows(DataException.class, () -> images.subset());
        assertEquals(1, images.stratified(0.34, Rng.seed(1)).heldBack().size());
    }

    @Test
    void greyValuesAreTakenAsStored() throws IOException {
        save(grey(BufferedImage.TYPE_BYTE_GRAY, 3, 2, 51), "a/8.png");
        save(grey(BufferedImage.TYPE_USHORT_GRAY, 3, 2, 51 * 257), "b/16.png");
        ImageFolder images = ImageFolder.open(folder, ImageFormat.grey(2, 3));
        float[] expected = {0, 0.2f, 0.4f, 0.6f, 0.8f, 1};
        assertArrayEquals(expected, images.rows(0).features().toFloats());
        assertArrayEquals(expected, images.rows(1).features().toFloats());
        float[] thrice = ImageFolder.open(folder, ImageFormat.colour(2, 3)).rows(0).features().toFloats();
        assertArrayEquals(expected, Arrays.copyOfRange(thrice, 12, 18));
    }

    @Test
    void coloursBecomeGreyByTheirBrightness() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0xffff0000);
        image.setRGB(1, 0, 0x8000ff00);
        image.setRGB(2, 0, 0xff0000ff);
        save(image, "a/x.png");
        assertArrayEquals(new float[] {0.299f, 0.587f, 0.114f},
                ImageFolder.open(folder, ImageFormat.grey(1, 3)).rows(0).features().toFloats(), 1e-7f);
    }

    @Test
    void otherSizesAreRefusedOrStretched() throws IOException {
        Path file = save(grey(BufferedImage.TYPE_BYTE_GRAY, 4, 2, 17), "a/x.png");
        assertEquals(file + ": found 4x2 pixels; expected 2x2 pixels, or a format that stretches",
                refusal(ImageFormat.grey(2, 2)));
        float[] means = ImageFolder.open(folder, ImageFormat.grey(1, 2).stretched()).rows(0).features().toFloats();
        assertArrayEquals(new float[] {(0 + 1 + 4 + 5) / 60f, (2 + 3 + 6 + 7) / 60f}, means, 1e-6f);
        assertEquals(Shape.of(1, 1, 5, 8), ImageFolder.open(folder, ImageFormat.grey(5, 8).stretched()).rows(0)
                .features().shape());
        assertThrows(ShapeException.class, () -> new ImageFormat(2, 1, 1, ImageFormat.Fit.EXACT));
    }

    @Test
    void foldersThatHoldNoImagesAreRefused() throws IOException {
        assertEquals(folder + ": found no folders; expected a folder of images for each class",
                refusal(ImageFormat.grey(1, 1)));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertEquals(empty + ": found no images; expected one or more of class empty", refusal(ImageFormat.grey(1, 1)));
        Path none = folder.resolve("none");
        assertEquals(none + ": found no such folder; expected a folder of folders of images",
                assertThrows(DataException.class, () -> ImageFolder.open(none, ImageFormat.grey(1, 1))).getMessage());
    }

    @Test
    void whatIsNoImageIsRefused() throws IOException {
        Path file = Files.writeString(Files.createDirectory(folder.resolve("a")).resolve("x.png"), "not an image");
        assertEquals(file + ": found what is no image; expected an image that can be read",
                refusal(ImageFormat.grey(1, 1)));
    }

    @Test
    void aLinkOutOfTheFolderIsRefused() throws IOException {
        Path outside = save(coloured(1, 1), "outside/x.png");
        Path inside = Files.createDirectories(folder.resolve("images/a"));
        Path link = Files.createSymbolicLink(inside.resolve("y.png"), outside);
        assertEquals(link + ": found a link out of the folder; expected a file inside of " + folder.resolve("images"),
                assertThrows(DataException.class,
                        () -> ImageFolder.open(folder.resolve("images"), ImageFormat.colour(1, 1))).getMessage());
    }

    /** As torchvision finds them. */
    @Test
    void foldersInAClassAreOfThatClass() throws IOException {
        List<String> names = List.of("crow/z.png", "crow/day/b.png", "crow/night/late/a.png", "owl/1/c.png");
        for (String name : names) {
            save(coloured(1, 1), name);
        }
        save(coloured(1, 1), "owl/.cache/d.png");
        ImageFolder images = ImageFolder.open(folder, ImageFormat.colour(1, 1));
        assertEquals(names.stream().map(folder::resolve).toList(), images.files());
        assertArrayEquals(new long[] {0, 0, 0, 1}, images.labels());
        Path link = Files.createSymbolicLink(folder.resolve("owl/again"), folder.resolve("owl"));
        assertEquals(link + ": found a link to a folder; expected images, and folders of them",
                refusal(ImageFormat.colour(1, 1)));
    }

    @Test
    void aCutImageIsRefused() throws IOException {
        Random random = new Random(1);
        BufferedImage noise = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            noise.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
        }
        for (String suffix : List.of("png", "jpg", "bmp", "gif")) {
            Path file = save(noise, "a/x." + suffix);
            byte[] whole = Files.readAllBytes(file);
            ImageFolder.open(folder, ImageFormat.colour(16, 16));
            for (int length : new int[] {0, 1, 10, whole.length / 3, whole.length / 2, whole.length - 60}) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertTrue(refusal(ImageFormat.colour(16, 16)).startsWith(file.toString()),
                        suffix + " cut at " + length);
            }
            Files.delete(file);
        }
    }

    @Test
    void damagedImagesAreReadOrRefused() throws IOException {
        for (String suffix : List.of("png", "jpg", "bmp", "gif", "tif")) {
            Path file = save(coloured(6, 6), "a/x." + suffix);
            byte[] whole = Files.readAllBytes(file);
            Random random = new Random(7);
            for (int i = 0; i < 200; i++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(Math.min(whole.length, 200))] = (byte) random.nextInt(256);
                readOrRefused(file, damaged);
            }
            Files.delete(file);
        }
    }

    private void readOrRefused(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            ImageFolder.open(folder, ImageFormat.colour(6, 6));
        } catch (DataException e) {
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        }
    }

    /** Bits of a sample, of which tables are made, and lengths that are allocated: gigabytes, if a file of 400 bytes is believed. */
    @Test
    void claimsOfAFileAreNotBelieved() throws IOException {
        Path file = save(coloured(6, 6), "a/x.tif");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at + 4 <= whole.length - 6 * 6 * 3; at++) {
            byte[] damaged = whole.clone();
            damaged[at] = 30;
            readOrRefused(file, damaged);
            Arrays.fill(damaged, at, at + 4, (byte) 0x7f);
            readOrRefused(file, damaged);
        }
    }

    @Test
    void aClaimOfMorePixelsThanTheBytesHoldIsRefusedBeforeTheyAreDecoded() throws IOException {
        Files.createDirectory(folder.resolve("a"));
        for (int[] claim : new int[][] {{100_000, 100_000}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {60_000, 60_000}}) {
            Path file = Files.write(folder.resolve("a/x.png"), pngHeader(claim[0], claim[1]));
            assertTrue(refusal(ImageFormat.grey(8, 8).stretched()).startsWith(file + ": found " + claim[0] + "x"));
        }
    }

    private static byte[] pngHeader(int width, int height) throws IOException {
        byte[] chunk = ByteBuffer.allocate(17).put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width).putInt(height).put(new byte[] {8, 0, 0, 0, 0}).array();
        CRC32 crc = new CRC32();
        crc.update(chunk);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        out.write(ByteBuffer.allocate(25).putInt(13).put(chunk).putInt((int) crc.getValue()).array());
        return out.toByteArray();
    }
}
