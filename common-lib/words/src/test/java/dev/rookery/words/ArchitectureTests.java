package dev.rookery.words;

import dev.rookery.testservers.ArchitectureRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ArchitectureTests {

    @Test
    void keepsTheRulesOfShape() {
        ArchitectureRules.check("dev.rookery.words");
    }
}
