package dev.rookery.gateway.face;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a client offers in `Sec-WebSocket-Extensions` of permessage-deflate (RFC 7692, 7.1), and what is agreed on.
///
/// The first offer that can be kept is taken, always without context takeover on either side. One that has a parameter
/// which is unknown, comes twice or has a value that it may not have is passed over, as is one that asks the relay for
/// a smaller window than the library has. Where nothing is left the connection goes on without compression.
final class CompressionOffers {

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";
    private static final String SERVER_ALONE = "server_no_context_takeover";
    private static final String CLIENT_ALONE = "client_no_context_takeover";
    private static final String LARGEST_WINDOW = "15";

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";

    /// RFC 6455, 9.1: a value is a token, in quotes or without.
    private static final Pattern PARAMETER =
            Pattern.compile("[ \t]*(" + TOKEN + ")(?:[ \t]*=[ \t]*(?:(" + TOKEN + ")|\"(" + TOKEN + ")\"))?[ \t]*");

    /// 7.1.2: 8 to 15, without a leading zero.
    private static final Pattern WINDOW = Pattern.compile("[89]|1[0-5]");

    private static final int MOST_CHARACTERS = 1024;

    private record Parameter(String name, Optional<String> value) {}

    private CompressionOffers() {}

    /// @param headers each line of the header, in their order
    /// @return the header of the response, if anything is agreed on
    static Optional<String> answer(List<String> headers) {
        String all = String.join(",", headers);
        if (all.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        for (String offer : all.split(",", -1)) {
            Optional<String> answer = parameters(offer).flatMap(CompressionOffers::answerTo);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    /// The name of the extension and then its parameters; nothing where it is not written as it must be.
    private static Optional<List<Parameter>> parameters(String offer) {
        List<Parameter> parameters = new ArrayList<>();
        for (String part : offer.split(";", -1)) {
            Matcher matcher = PARAMETER.matcher(part);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            Optional<String> value =
                    Optional.ofNullable(matcher.group(2)).or(() -> Optional.ofNullable(matcher.group(3)));
            parameters.add(new Parameter(matcher.group(1), value));
        }
        return Optional.of(parameters);
    }

    private static Optional<String> answerTo(List<Parameter> offer) {
        Set<String> names = new HashSet<>();
        for (Parameter parameter : offer.subList(1, offer.size())) {
            if (!names.add(parameter.name()) || !canBeKept(parameter)) {
                return Optional.empty();
            }
        }
        if (!offer.getFirst().equals(new Parameter(NAME, Optional.empty()))) {
            return Optional.empty();
        }
        String window = names.contains(SERVER_WINDOW) ? "; " + SERVER_WINDOW + "=" + LARGEST_WINDOW : "";
        return Optional.of(NAME + "; " + SERVER_ALONE + "; " + CLIENT_ALONE + window);
    }

    private static boolean canBeKept(Parameter parameter) {
        return switch (parameter.name()) {
            case SERVER_ALONE, CLIENT_ALONE -> parameter.value().isEmpty();
            case CLIENT_WINDOW ->
                parameter.value().map(CompressionOffers::isWindow).orElse(true);
            case SERVER_WINDOW ->
                parameter.value().filter(LARGEST_WINDOW::equals).isPresent();
            default -> false;
        };
    }

    private static boolean isWindow(String value) {
        return WINDOW.matcher(value).matches();
    }
}
