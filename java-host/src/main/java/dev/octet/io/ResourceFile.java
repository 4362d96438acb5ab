package dev.octet.io;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Resources of the class path for those who need a file, such as the loader of native libraries. */
public final class ResourceFile {
    private ResourceFile() {}

    /**
     * Hands a resource over as a file: itself, or for as long as {@code action} runs a copy of what a jar holds.
     *
     * @param resource from the root of the class path, such as {@code native/cuda/octet_kernels.fatbin}
     * @return empty if the class path has no such resource
     * @throws IOException if it cannot be copied
     */
    public static <T> Optional<T> use(String resource, Function<Path, T> action) throws IOException {
        URL url = ResourceFile.class.getClassLoader().getResource(resource);
        if (url == null) {
            return Optional.empty();
        }
        if (url.getProtocol().equals("file")) {
            try {
                return Optional.of(action.apply(Path.of(url.toURI())));
            } catch (URISyntaxException e) {
                throw new IOException(url + " is no path", e);
            }
        }
        try (InputStream in = url.openStream();
                TemporaryFile copy = TemporaryFile.create(Path.of(System.getProperty("java.io.tmpdir")))) {
            in.transferTo(copy.out());
            return Optional.of(action.apply(copy.path()));
        }
    }
}
