package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted connections, to a server whose certificate is for {@code localhost} only. */
class TlsTest {
    private static final String PASSWORD = "password";
    private static final String ENCRYPTED = "SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()";

    @TempDir
    private static Path dir;

    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() throws Exception {
        certify("server");
        certify("other");
        server = EmbeddedPostgres.builder()
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", dir.resolve("server.pem").toString())
                .setServerConfig("ssl_key_file", dir.resolve("server.key").toString())
                .start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    /** Makes a key and a certificate of it, signed by itself. */
    private static void certify(String name) throws Exception {
        Path store = dir.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        write(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
        write(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    private static void write(String file, String kind, byte[] content) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Path path = dir.resolve(file);
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(path, "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(kind, text));
    }

    private static PostgresUrl url(String host, String mode, String root) {
        return PostgresUrl.parse("postgresql://postgres@%s:%d/postgres?sslmode=%s&sslrootcert=%s"
                .formatted(host, server.getPort(), mode, dir.resolve(root)));
    }

    @ParameterizedTest
    @CsvSource({"localhost, verify-full", "127.0.0.1, verify-ca", "127.0.0.1, require"})
    void open_serverThatTheRootVouchesFor_isEncrypted(String host, String mode) {
        try (Database database = Database.open(url(host, mode, "server.pem"))) {
            boolean encrypted = database.read(session ->
                    session.first(ENCRYPTED, row -> row.getBoolean(1)).orElseThrow());
            assertThat(encrypted).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-ca", "verify-full"})
    void open_serverOfAnotherRoot_isRefused(String mode) {
        assertRefused(url("localhost", mode, "other.pem"));
    }

    @Test
    void open_certificateForAnotherHost_isRefused() {
        assertRefused(url("127.0.0.1", "verify-full", "server.pem"));
    }

    private static void assertRefused(PostgresUrl url) {
        RekindleException refusal = catchThrowableOfType(RekindleException.class, () -> Database.open(url));
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(refusal).hasMessageContaining(url.name());
    }
}
