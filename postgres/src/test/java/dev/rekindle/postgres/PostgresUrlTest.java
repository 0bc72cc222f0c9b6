package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of URL, and what is refused without showing a secret. */
class PostgresUrlTest {
    @ParameterizedTest
    @CsvSource({
        "postgresql://db.example/shop,                jdbc:postgresql://db.example:5432/shop,    PostgreSQL"
                + " db.example/shop",
        "postgres://db.example:6543/shop,             jdbc:postgresql://db.example:6543/shop,    PostgreSQL"
                + " db.example:6543/shop",
        "jdbc:postgresql://db.example/shop,           jdbc:postgresql://db.example:5432/shop,    PostgreSQL"
                + " db.example/shop",
        "postgresql:///shop,                          jdbc:postgresql://localhost:5432/shop,     PostgreSQL"
                + " localhost/shop",
        "jdbc:postgresql:shop,                        jdbc:postgresql://localhost:5432/shop,     PostgreSQL"
                + " localhost/shop",
        "jdbc:postgresql:/shop,                       jdbc:postgresql://localhost:5432/shop,     PostgreSQL"
                + " localhost/shop",
        "postgresql://db.example,                     jdbc:postgresql://db.example:5432/,        PostgreSQL"
                + " db.example/",
        "postgresql://[::1]:6543/shop,                jdbc:postgresql://[::1]:6543/shop,         PostgreSQL"
                + " [::1]:6543/shop",
        "postgresql://me:secret@10.0.0.1:/my%20shop,  jdbc:postgresql://10.0.0.1:5432/my+shop,   PostgreSQL"
                + " 10.0.0.1/my shop",
        "postgresql://h:54321/shop,                   jdbc:postgresql://h:54321/shop,            PostgreSQL"
                + " h:54321/shop",
        "postgresql://h/shop?schema=orders_2,         jdbc:postgresql://h:5432/shop,             PostgreSQL h/shop"
                + " schema orders_2",
    })
    void parse_everyForm_givesHostsAndDatabase(String url, String jdbc, String name) {
        PostgresUrl parsed = PostgresUrl.parse(url);
        assertThat(parsed.jdbc()).isEqualTo(jdbc);
        assertThat(parsed.name()).isEqualTo(name);
    }

    @Test
    void parse_withoutParameters_hasTheDefaults() {
        PostgresUrl parsed = PostgresUrl.parse("postgresql://h/shop");
        assertThat(parsed.options()).isEqualTo(PostgresOptions.DEFAULTS);
        assertThat(parsed.options().schema()).isEqualTo("rekindle");
        assertThat(parsed.options().takeover()).isEqualTo(Duration.ofSeconds(10));
        assertThat(parsed.pool()).isEqualTo(10);
        assertThat(parsed.properties()).isEmpty();
    }

    @Test
    void parse_userAndPassword_areDecodedAndNeverShown() {
        PostgresUrl parsed = PostgresUrl.parse("postgresql://m%40e:p%2Fa%3As+s%25@h:1/shop");
        assertThat(parsed.properties()).isEqualTo(Map.of("user", "m@e", "password", "p/a:s+s%"));
        assertThat(parsed).hasToString("PostgreSQL h:1/shop");
    }

    @Test
    void parse_userAndPasswordAsParameters_areTaken() {
        PostgresUrl parsed = PostgresUrl.parse("jdbc:postgresql://h/shop?user=me&password=a+b%2B");
        assertThat(parsed.properties()).isEqualTo(Map.of("user", "me", "password", "a b+"));
    }

    @Test
    void parse_userWithoutPassword_leavesThePasswordToTheDriver() {
        assertThat(PostgresUrl.parse("postgresql://me@h/shop").properties()).isEqualTo(Map.of("user", "me"));
    }

    @Test
    void parse_severalHosts_wantsThePrimary() {
        PostgresUrl parsed = PostgresUrl.parse("postgresql://me@a,b:6543,[::1]/shop");
        assertThat(parsed.jdbc()).isEqualTo("jdbc:postgresql://a:5432,b:6543,[::1]:5432/shop");
        assertThat(parsed.name()).isEqualTo("PostgreSQL a,b:6543,[::1]/shop");
        assertThat(parsed.properties()).containsEntry("targetServerType", "primary");
    }

    @ParameterizedTest
    @CsvSource({
        "targetServerType=any,             targetServerType, any",
        "target_session_attrs=read-write,  targetServerType, primary",
        "target_session_attrs=any,         targetServerType, any",
        "sslmode=verify-full,              sslmode,          verify-full",
        "sslrootcert=/etc/my%20ca.pem,     sslrootcert,      /etc/my ca.pem",
        "application_name=shop,            ApplicationName,  shop",
        "ApplicationName=shop,             ApplicationName,  shop",
        "connect_timeout=3,                connectTimeout,   3",
        "channel_binding=require,          channelBinding,   require",
        "options=-c%20statement_timeout=5s, options,         -c statement_timeout=5s",
    })
    void parse_parametersOfTheDriver_arePassedOn(String parameter, String name, String value) {
        assertThat(PostgresUrl.parse("postgresql://a,b/shop?" + parameter).properties())
                .containsEntry(name, value);
    }

    @Test
    void parse_ownParameters_areTakenOut() {
        PostgresUrl parsed = PostgresUrl.parse("postgresql://h/shop?schema=orders&sslmode=require&takeover=30&pool=25");
        assertThat(parsed.options()).isEqualTo(new PostgresOptions("orders", Duration.ofSeconds(30)));
        assertThat(parsed.pool()).isEqualTo(25);
        assertThat(parsed.properties()).isEqualTo(Map.of("sslmode", "require"));
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "600, 600", "PT2S, 2", "PT10M, 600", "pt1m30s, 90"})
    void parse_takeover_isSecondsOrADuration(String text, long seconds) {
        assertThat(PostgresUrl.parse("postgresql://h/shop?takeover=" + text)
                        .options()
                        .takeover())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql://h/shop                          | store URL",
                "postgresql:shop                         | store URL",
                "postgresql://h:port/shop                | host",
                "postgresql://h:99999/shop               | port",
                "postgresql://h:0/shop                   | port",
                "postgresql://a b/shop                   | host",
                "postgresql://[::1/shop                  | host",
                "postgresql://h/shop?schema=             | schema",
                "postgresql://h/shop?schema=Orders       | schema",
                "postgresql://h/shop?schema=pg_orders    | schema",
                "postgresql://h/shop?schema=1orders      | schema",
                "postgresql://h/shop?schema=a%22;b       | schema",
                "postgresql://h/shop?schema=a2345678901234567890123456789012345678901 | schema",
                "postgresql://h/shop?takeover=1          | takeover",
                "postgresql://h/shop?takeover=601        | takeover",
                "postgresql://h/shop?takeover=10s        | takeover",
                "postgresql://h/shop?takeover=-5         | takeover",
                "postgresql://h/shop?pool=2              | pool",
                "postgresql://h/shop?pool=501            | pool",
                "postgresql://h/shop?pool=many           | pool",
                "postgresql://h/shop?schema              | parameters",
                "postgresql://h/shop?=x                  | parameters",
                "postgresql://h/shop?sslmod=require      | sslmod",
                "postgresql://h/shop?sslmode=sometimes   | sslmode",
                "postgresql://h/shop?target_session_attrs=x | target_session_attrs",
                "postgresql://h/shop?sslrootcert=%zz     | sslrootcert",
                "jdbc:postgresql://h/shop?application_name=a | application_name",
                "postgresql://me:p%zz@h/shop             | password",
                "postgresql://me:p/art@h/shop            | password",
                "postgresql://me:p?art@h/shop            | password",
                "postgresql://me:p@rt/of@h/shop          | password",
            })
    void parse_badInput_namesWhatIsWrong(String url, String named) {
        assertThat(refused(url)).contains(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me:secret@h:bad/shop",
                "postgresql://me:secret@h/shop?pool=0",
                "postgresql://me:secret/x@h/shop",
                "postgresql://me:secret?x@h/shop",
                "postgresql://me:secret?x=y@h/shop",
                "postgresql://me:%secret@h/shop",
                "mysql://me:secret@h/shop",
                "postgresql://h/shop?password=secret&pool=0",
                "postgresql://h/shop?password=%secret",
            })
    void parse_badInput_neverShowsThePassword(String url) {
        assertThat(refused(url)).doesNotContain("secret");
    }

    private static String refused(String url) {
        RekindleException refusal = catchThrowableOfType(RekindleException.class, () -> PostgresUrl.parse(url));
        assertThat(refusal).as("refusal of %s", url).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal.getCause()).isNull();
        return String.valueOf(refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://h/d, true",
        "postgres://h/d, true",
        "jdbc:postgresql:d, true",
        "sqlite:d, false",
        "postgresql, false"
    })
    void accepts_looksAtTheSchemeOnly(String url, boolean accepted) {
        assertThat(PostgresUrl.accepts(url)).isEqualTo(accepted);
    }
}
