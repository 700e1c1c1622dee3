package dev.rookery.gateway;

import dev.rookery.testservers.ArchitectureRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArchitectureTests {

    @Test
    void keepsTheRulesOfShape() {
        ArchitectureRules.check("dev.rookery.gateway");
    }
}
