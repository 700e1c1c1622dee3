package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpFaceTests {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(
                "--relay.info.name=A <b>relay</b>",
                "--relay.public-url=wss://relay.example",
                "--relay.info.contact=mailto:op@relay.example");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String upgrade(String request) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.request(request).lines().findFirst().orElse("");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/nostr+json",
                "Application/Nostr+Json",
                "application/nostr+json, */*;q=0.1",
                "text/html, application/nostr+json;q=0.9"
            })
    void showsTheDocumentToThoseWhoAskForIt(String accept) throws Exception {
        var response = send("GET", "/?x=1", "Accept", accept);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/nostr+json");
        assertThat(response.body()).startsWith("{\"name\":\"A <b>relay</b>\"").contains("\"supported_nips\":[1,");
        assertCors(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "*/*", "application/json", "application/nostr+json;q=0", "nonsense"})
    void showsThePageToOthers(String accept) throws Exception {
        var response = send("GET", "/", "Accept", accept);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(response.body())
                .contains(
                        "A &lt;b&gt;relay&lt;/b&gt;",
                        "wss://relay.example",
                        "mailto:op@relay.example",
                        "nips/blob/master/01.md")
                .doesNotContain("{{", "supported_nips");
        assertCors(response);
    }

    @Test
    void answersPreflightAndHead() throws Exception {
        var preflight =
                send("OPTIONS", "/", "Origin", "https://client.example", "Access-Control-Request-Method", "GET");
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertCors(preflight);
        var head = send("HEAD", "/", "Accept", "application/nostr+json");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).contains("application/nostr+json");
        assertThat(head.body()).isEmpty();
        assertThat(send("DELETE", "/").statusCode()).isEqualTo(405);
    }

    @Test
    void hasAnIcon() throws Exception {
        var icon = send("GET", "/favicon.ico");
        assertThat(icon.statusCode()).isEqualTo(200);
        assertThat(icon.headers().firstValue("Content-Type")).contains("image/x-icon");
        assertThat(send("GET", "/elsewhere").statusCode()).isEqualTo(404);
    }

    @Test
    void upgradesAtTheRootOnly() throws Exception {
        assertThat(upgrade(RawClient.handshake("/"))).contains("101");
        assertThat(upgrade(RawClient.handshake("/?query=1"))).contains("101");
        assertThat(upgrade(RawClient.handshake("/foo"))).contains("404");
        assertThat(upgrade(RawClient.handshake("/favicon.ico"))).contains("404");
    }

    @Test
    void upgradesHttp11AndVersion13Only() throws Exception {
        assertThat(upgrade(RawClient.handshake("/").replace("HTTP/1.1", "HTTP/1.0")))
                .contains("400");
        assertThat(upgrade(RawClient.handshake("/").replace("Version: 13", "Version: 8")))
                .contains("426");
        assertThat(upgrade(RawClient.handshake("/").replace("Sec-WebSocket-Key", "X")))
                .contains("400");
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.request(RawClient.handshake("/").replace("Version: 13", "Version: 8")))
                    .containsIgnoringCase("sec-websocket-version: 13");
        }
    }

    @Test
    void ignoresUnknownExtensionsAndProtocolsThatAreOffered() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            String head = client.request(RawClient.handshake(
                    "/", "Sec-WebSocket-Extensions: permessage-nonsense", "Sec-WebSocket-Protocol: nostr"));
            assertThat(head).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("nonsense");
            client.text("[\"UNKNOWN\"]");
            assertThat(client.message()).contains("unknown verb");
        }
    }

    @Test
    void boundsRequests() throws Exception {
        assertThat(upgrade(RawClient.handshake("/?" + "x".repeat(10_000)))).contains("414");
        assertThat(upgrade(RawClient.handshake("/", "X: " + "x".repeat(20_000))))
                .contains("431");
    }

    private static void assertCors(HttpResponse<?> response) {
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(response.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("*", "Authorization");
        assertThat(response.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
                .contains("GET", "OPTIONS");
    }
}
