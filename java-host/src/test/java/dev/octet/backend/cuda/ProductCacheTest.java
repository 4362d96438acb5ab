package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cuda.ProductCache.Choice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductCacheTest {
    private static final Choice OWN = new Choice.Own();
    private static final Choice WARPGROUP = new Choice.Warpgroup(WarpgroupTile.LARGE);
    private static final Choice LIBRARY = new Choice.Library("00ff12");

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("cache").resolve("products.tsv");
    }

    @Test
    void get_nextProcess_remembersAll() {
        ProductCache first = new ProductCache(file());
        first.put("device; s8 1x2x3", OWN);
        first.put("device; s8 4x5x6", LIBRARY);
        first.put("device; s8 5x6x7", WARPGROUP);

        ProductCache second = new ProductCache(file());

        assertThat(second.get("device; s8 1x2x3")).contains(OWN);
        assertThat(second.get("device; s8 4x5x6")).contains(LIBRARY);
        assertThat(second.get("device; s8 5x6x7")).contains(WARPGROUP);
        assertThat(second.get("device; s8 7x8x9")).isEmpty();
    }

    @Test
    void put_otherProcessWroteMeanwhile_keepsItsLines() {
        ProductCache first = new ProductCache(file());
        ProductCache other = new ProductCache(file());
        other.put("b", LIBRARY);
        first.put("a", OWN);

        assertThat(new ProductCache(file()).get("b")).contains(LIBRARY);
    }

    @Test
    void get_damagedLines_areLeftOut() throws IOException {
        Files.createDirectories(file().getParent());
        byte[] text = "a\town\nno tab\nb\tcublaslt xyz\nc\tcublaslt 00\ne\twgmma 1x1\nd\tcubl\u00ff"
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file(), text);

        ProductCache cache = new ProductCache(file());

        assertThat(cache.get("a")).contains(OWN);
        assertThat(cache.get("b")).isEmpty();
        assertThat(cache.get("c")).contains(new Choice.Library("00"));
        assertThat(cache.get("d")).isEmpty();
        assertThat(cache.get("e")).isEmpty();
    }

    @Test
    void put_folderCannotBeMade_stillRemembersHere() throws IOException {
        Path blocked = Files.createFile(folder.resolve("blocked"));
        ProductCache cache = new ProductCache(blocked.resolve("products.tsv"));

        cache.put("a", OWN);

        assertThat(cache.get("a")).contains(OWN);
    }
}
