package dev.rookery.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ArchitectureRulesTests {

    @Test
    void acceptsThisModuleAndTheEmbeddedServers() {
        assertThatCode(() -> ArchitectureRules.check("dev.rookery.embedded")).doesNotThrowAnyException();
        assertThatCode(() -> ArchitectureRules.check("dev.rookery.testservers")).doesNotThrowAnyException();
    }

    @Test
    void rejectsPackagesThatBreakARule() {
        assertThatThrownBy(() -> ArchitectureRules.check("org.apache.commons.compress"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void findsEmptyNamesAmongTheWordsOfAName() {
        assertThat(hasEmptyName(FilterHelper.class)).isTrue();
        assertThat(hasEmptyName(Utility.class)).isFalse();
    }

    private static boolean hasEmptyName(Class<?> type) {
        return ArchitectureRules.hasEmptyName(new ClassFileImporter().importClass(type));
    }

    private static final class FilterHelper {}

    private static final class Utility {}
}
