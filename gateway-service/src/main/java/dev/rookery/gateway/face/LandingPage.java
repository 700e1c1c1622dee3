package dev.rookery.gateway.face;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/// The page that people see who open the relay's address in a browser. Made once: it shows nothing that changes.
public final class LandingPage {

    private final byte[] html;
    private final byte[] icon;

    /// @param publicUrl where clients connect to, `ws://` or `wss://`
    public LandingPage(InfoProperties info, URI publicUrl) {
        html = new String(resource("landing.html"), StandardCharsets.UTF_8)
                .replace("{{name}}", HtmlUtils.htmlEscape(info.name()))
                .replace("{{description}}", HtmlUtils.htmlEscape(info.description()))
                .replace("{{address}}", HtmlUtils.htmlEscape(publicUrl.toString()))
                .replace("{{nips}}", nips(InformationDocument.SUPPORTED_NIPS))
                .replace("{{contact}}", contact(info.contact()))
                .replace("{{version}}", HtmlUtils.htmlEscape(info.version()))
                .getBytes(StandardCharsets.UTF_8);
        icon = resource("favicon.ico");
    }

    byte[] html() {
        return html;
    }

    byte[] icon() {
        return icon;
    }

    private static String nips(List<Integer> numbers) {
        return numbers.stream()
                .map(
                        "<li><a href=\"https://github.com/nostr-protocol/nips/blob/master/%1$02d.md\">%1$02d</a></li>"
                                ::formatted)
                .collect(Collectors.joining());
    }

    private static String contact(@Nullable URI contact) {
        if (contact == null) {
            return "";
        }
        String text = HtmlUtils.htmlEscape(contact.toString());
        return "mailto".equals(contact.getScheme()) || "https".equals(contact.getScheme())
                ? "<p>Contact: <a href=\"" + text + "\">" + text + "</a></p>"
                : "<p>Contact: " + text + "</p>";
    }

    private static byte[] resource(String name) {
        try (InputStream in = LandingPage.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
