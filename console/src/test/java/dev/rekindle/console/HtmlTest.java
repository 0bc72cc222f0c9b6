package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages are safe by how they are made. */
class HtmlTest {
    @Test
    void textAndValues_areEscaped() {
        assertThat(Html.el("p.note", "<b>&'\"").attr("title", "\"><i>").markup())
                .isEqualTo("<p class=\"note\" title=\"&quot;&gt;&lt;i&gt;\">&lt;b&gt;&amp;&#39;&quot;</p>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"onclick", "onerror", "style", "srcdoc", "hx-on", "hx-vals", "a b", "x\"y", ""})
    void attributeThatRunsOrStyles_isRefused(String attribute) {
        assertThatThrownBy(() -> Html.el("p").attr(attribute, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "//evil.example",
                "https://evil.example",
                "data:text/html,x",
                "",
                " /x",
                "x"
            })
    void linkToElsewhere_isRefused(String link) {
        for (String attribute :
                new String[] {"href", "src", "action", "formaction", "hx-get", "hx-post", "sse-connect"}) {
            assertThatThrownBy(() -> Html.el("a").attr(attribute, link)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nameThatIsNoName_isRefused() {
        assertThatThrownBy(() -> Html.el("p onclick")).isInstanceOf(IllegalArgumentException.class);
    }
}
