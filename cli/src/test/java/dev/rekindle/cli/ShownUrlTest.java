package dev.rekindle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownUrlTest {
    @ParameterizedTest
    @CsvSource({
        "sqlite:orders.db?synchronous=normal, sqlite:orders.db?synchronous=normal",
        "sqlite:/tmp/me@home/orders.db, sqlite:/tmp/me@home/orders.db",
        "postgresql://db.example/shop?schema=orders, postgresql://db.example/shop?schema=orders",
        "postgresql://me:secret@db.example:5432/shop?schema=orders, postgresql://db.example:5432/shop?schema=orders",
        "postgresql://me:sec@ret@a:1/shop, postgresql://a:1/shop",
        "postgresql://me@a/shop?mail=you@home, postgresql://a/shop?mail=you@home",
        "postgresql://a/shop?user=me&password=secret&pool=5, postgresql://a/shop?user=…&password=…&pool=5",
        "jdbc:postgresql://a/shop?sslPassword=secret, jdbc:postgresql://a/shop?sslPassword=…",
    })
    void of_url_hidesWhatLogsIn(String url, String shown) {
        assertThat(ShownUrl.of(url)).isEqualTo(shown);
    }
}
