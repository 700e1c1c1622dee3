package dev.rookery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.rookery.testservers.ArchitectureRules;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ArchitectureTests {

    private static final String[] PACKAGES = {
        "dev.rookery.admission",
        "dev.rookery.event",
        "dev.rookery.filter",
        "dev.rookery.json",
        "dev.rookery.link",
        "dev.rookery.message",
        "dev.rookery.order",
        "dev.rookery.signature",
        "dev.rookery.topics"
    };

    @Test
    void keepsTheRulesOfEveryModule() {
        ArchitectureRules.check("dev.rookery");
    }

    @Test
    void knowsNeitherSpringNorReactor() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "reactor..", "io.netty..")
                .because("the protocol is for every process, whatever it is built with")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(PACKAGES));
    }
}
