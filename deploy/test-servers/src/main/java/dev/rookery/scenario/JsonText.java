package dev.rookery.scenario;

import java.util.List;
import java.util.function.Consumer;

/// Compact JSON, strings spelled as NIP-01 wants them in the id.
final class JsonText {

    private static final String NAMED = "\b\t\n\f\r\"\\";
    private static final String NAMES = "btnfr\"\\";

    private final StringBuilder text = new StringBuilder();

    JsonText raw(String json) {
        text.append(json);
        return this;
    }

    JsonText string(String value) {
        text.append('"');
        value.chars().forEach(this::character);
        text.append('"');
        return this;
    }

    <T> JsonText array(List<T> values, Consumer<T> write) {
        text.append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",");
            write.accept(values.get(i));
        }
        text.append(']');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void character(int unit) {
        int named = NAMED.indexOf(unit);
        if (named >= 0) {
            text.append('\\').append(NAMES.charAt(named));
        } else if (unit < ' ') {
            text.append("\\u%04x".formatted(unit));
        } else {
            text.append((char) unit);
        }
    }
}
