package dev.rookery.testservers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules of shape that every module keeps. A module's test calls [#check(String)] with its package.
public final class ArchitectureRules {

    private static final Set<String> EMPTY_NAMES =
            Set.of("util", "utils", "helper", "helpers", "common", "manager", "impl", "dto", "base", "abstract");

    private static final Pattern WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private static final ArchRule NAMES = noClasses()
            .should(ArchConditions.be(
                    DescribedPredicate.describe("named by one of " + EMPTY_NAMES, ArchitectureRules::hasEmptyName)))
            .because("such names say where code was put, not what it is");

    private static final ArchRule NO_MOCKITO = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.mockito..")
            .because("a fake written by hand keeps the contract, a mock repeats the implementation");

    private static final ArchRule NO_LOMBOK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("lombok..")
            .because("records do it, in the language");

    private static final ArchRule NO_STANDARD_STREAMS =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because("operators read logs");

    private static final ArchRule NO_FIELD_INJECTION =
            GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION.because("a constructor shows what is needed");

    private ArchitectureRules() {}

    /// Checks the main classes of a package and all below it, and that Mockito is absent from its tests too.
    ///
    /// @param rootPackage such as `dev.rookery.gateway`
    public static void check(String rootPackage) {
        JavaClasses main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(rootPackage);
        List.of(NAMES, NO_LOMBOK, NO_STANDARD_STREAMS, NO_FIELD_INJECTION)
                .forEach(rule -> rule.allowEmptyShould(true).check(main));
        noCycles(rootPackage).allowEmptyShould(true).check(main);
        NO_MOCKITO.allowEmptyShould(true).check(new ClassFileImporter().importPackages(rootPackage));
    }

    private static ArchRule noCycles(String rootPackage) {
        return slices().matching(rootPackage + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("packages that need each other are one package");
    }

    static boolean hasEmptyName(JavaClass type) {
        boolean inPackage = Arrays.stream(type.getPackageName().split("\\.")).anyMatch(EMPTY_NAMES::contains);
        return inPackage
                || WORDS.splitAsStream(type.getSimpleName())
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .anyMatch(EMPTY_NAMES::contains);
    }
}
