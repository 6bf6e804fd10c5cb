package io.adjoint.optim.data;

import io.adjoint.autodiff.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Images in folders, one for each class, as {@code torchvision.datasets.ImageFolder}: {@code birds/owl/7.png}; what is in folders
 * of a class's folder is of that class. They are read when they are asked for, so they need not fit into memory; {@link Dataset#of(Examples)} loads them all.
 *
 * <p>Formats are those of the JDK: PNG, JPEG, GIF (its first image), BMP and TIFF. Files with other names, and hidden ones, are not
 * looked at. The module {@code java.desktop} must be there; a modular program requires it itself.
 */
public final class ImageFolder implements Labelled<ImageFolder> {
    private final Path folder;
    private final List<String> classes;
    private final List<ImageFile> images;
    private final long[] labels;

    private ImageFolder(Path folder, List<String> classes, List<ImageFile> images, long[] labels) {
        this.folder = folder;
        this.classes = classes;
        this.images = images;
        this.labels = labels;
    }

    /**
     * Finds the images of a folder, classes and files in the order of their names, and decodes each once, so that a bad one is
     * refused now.
     *
     * @throws DataException if the folder or the module {@code java.desktop} is missing, a class has no image, or an image is
     *     damaged, of a size that the format does not take, or outside of the folder by a symbolic link
     */
    public static ImageFolder open(Path folder, ImageFormat format) {
        Set<String> suffixes = suffixes(folder);
        List<String> classes = new ArrayList<>();
        List<ImageFile> images = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        for (Path inside : list(folder).stream().filter(Files::isDirectory).toList()) {
            List<Path> files = files(inside, suffixes).toList();
            if (files.isEmpty()) {
                throw DataException.in(inside).found("no images", "one or more of class " + inside.getFileName());
            }
            for (Path file : files) {
                requireInside(folder, file);
                images.add(new ImageFile(file, format));
                labels.add((long) classes.size());
            }
            classes.add(inside.getFileName().toString());
        }
        if (classes.isEmpty()) {
            throw DataException.in(folder).found("no folders", "a folder of images for each class");
        }
        images.forEach(ImageFile::read);
        return new ImageFolder(folder, List.copyOf(classes), List.copyOf(images),
                labels.stream().mapToLong(x -> x).toArray());
    }

    private static Set<String> suffixes(Path folder) {
        try {
            return Set.of(Arrays.stream(ImageIO.getReaderFileSuffixes()).map(name -> name.toLowerCase(Locale.ROOT))
                    .distinct().toArray(String[]::new));
        } catch (NoClassDefFoundError e) {
            throw DataException.in(folder).found("no module java.desktop to read images with",
                    "'requires java.desktop' in the program's module-info, or --add-modules java.desktop", e);
        }
    }

    /** Those of a folder, then those of the folders in it. */
    private static Stream<Path> files(Path folder, Set<String> suffixes) {
        Map<Boolean, List<Path>> inside = list(folder).stream().collect(Collectors.partitioningBy(Files::isDirectory));
        return Stream.concat(inside.get(false).stream().filter(file -> suffixes.contains(suffix(file))),
                inside.get(true).stream().flatMap(deeper -> files(requireNoLink(deeper), suffixes)));
    }

    /** It may lead to a folder that it is in. */
    private static Path requireNoLink(Path folder) {
        if (Files.isSymbolicLink(folder)) {
            throw DataException.in(folder).found("a link to a folder", "images, and folders of them");
        }
        return folder;
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw DataException.in(folder).found(Files.exists(folder) ? "a file" : "no such folder",
                    "a folder of folders of images");
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> !path.getFileName().toString().startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw SourceFile.refused(folder, e);
        }
    }

    private static String suffix(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static void requireInside(Path folder, Path file) {
        try {
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw DataException.in(file).found("a link out of the folder", "a file inside of " + folder);
            }
        } catch (IOException e) {
            throw SourceFile.refused(file, e);
        }
    }

    /** Names of the classes, those of the folders; class i is the i-th. */
    public List<String> classes() {
        return classes;
    }

    /** The files, in order. */
    public List<Path> files() {
        return images.stream().map(ImageFile::file).toList();
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public long[] labels() {
        return labels.clone();
    }

    @Override
    public Batch rows(int... rows) {
        Rows.require("images", size(), rows);
        return new Batch(
                Tensor.stack(0, Arrays.stream(rows).mapToObj(row -> images.get(row).read()).toArray(Tensor[]::new)),
                Tensor.of(Arrays.stream(rows).mapToLong(row -> labels[row]).toArray()));
    }

    @Override
    public DataException.Report at() {
        return DataException.in(folder);
    }

    @Override
    public DataException.Report at(int row) {
        return DataException.in(images.get(row).file());
    }

    @Override
    public ImageFolder subset(int... rows) {
        Rows.requirePart("images", at(), size(), rows);
        return new ImageFolder(folder, classes, Arrays.stream(rows).mapToObj(images::get).toList(),
                Arrays.stream(rows).mapToLong(row -> labels[row]).toArray());
    }
}
